export type { Ready, ServeRequest, Texts } from './request.ts';
export { serve } from './serve.ts';
