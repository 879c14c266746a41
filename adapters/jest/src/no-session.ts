/** Environment variable by which workers know that the reporter has said already that there is no session. */
export const NO_SESSION = 'FIRSTCHANCE_NO_SESSION';
