import type { Tx } from '../../persistence/unit-of-work.ts';

/** Bringing back what somebody else had ended is told apart from every other change. */
export function reactivated(tx: Tx, target: { readonly type: string; readonly id: string }, what: string): void {
  tx.record({ type: 'declarations.reactivated', target, details: { what } });
}
