import type Router from '@koa/router';
import type { Context } from 'koa';

/**
 * RFC 9110 §10.2.1: what an address offers. One that is written out, as `/policies/evaluations` and `/Users/.search`, is no
 * `/policies/{id}` and no `/Users/{id}`.
 */
export function allowedMethods(router: Router, { path, method }: Pick<Context, 'path' | 'method'>): readonly string[] {
  const matched = router.match(path, method).path;
  const literal = matched.filter(({ paramNames }) => paramNames.length === 0);
  return [...new Set((literal.length > 0 ? literal : matched).flatMap(({ methods }) => methods))];
}
