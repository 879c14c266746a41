export { type Announced, announceSession } from './announce.ts';
export { Notifier } from './notifier.ts';
export { serveCommand } from './open-server.ts';
export type { Ready, ServeRequest, Texts } from './request.ts';
export { serve } from './serve.ts';
