export { grewUntilThen, reasonOf } from './conclude/reason.ts';
export { verdictOf } from './conclude/verdict.ts';
export * from './plan/conclusion.ts';
export * from './plan/growth-plan.ts';
export * from './plan/options.ts';
export { planGrowthCheck } from './plan/plan-growth-check.ts';
export * from './plan/step.ts';
