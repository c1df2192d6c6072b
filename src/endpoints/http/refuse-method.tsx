import type { Context } from 'koa';
import { ErrorPage } from '../../../views/error.tsx';
import { answerPage } from './answer-page.ts';

/** RFC 9110 §15.5.6 */
export function refuseMethod(ctx: Context, allow: string): void {
  ctx.set('Allow', allow);
  answerPage(ctx, <ErrorPage code="method_not_allowed" requestId={ctx.state.requestId} />, 405);
}
