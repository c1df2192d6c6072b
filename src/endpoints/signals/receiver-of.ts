import type { Actor } from '../../kernel/actor.ts';
import { forbidden } from '../../kernel/errors.ts';

/** SSF §7.1.1: a receiver is an application with a token of its own; a person's token does not stand for one. */
export function receiverOf({ type, id }: Actor): string {
  if (type === 'client') return id;
  throw forbidden('signal_streams.clients_only', { detail: 'ask for the token by client credentials' });
}
