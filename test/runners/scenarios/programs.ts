/** A web server per file, ended in afterEach as users do: a capture after that would find nothing. */
export const SERVER = `
let server;
let url;
beforeAll(async () => {
  server = await launch('dotnet', [process.env.WEB], { ready: /listening on (\\S+)/ });
  url = server.match[1];
}, 60_000);
afterEach(() => server.stop());
`;

/** Small dumps are enough. */
export const MINI = { dump: 'mini' };
export const THROWS = { dump: 'mini', exceptions: 'first-chance', filter: ['*basket*'] };
