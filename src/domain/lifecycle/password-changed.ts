import type { Signal } from '../signals/emit-signals.ts';

/** CAEP §3.3: what receivers are told of a new or another password. */
export const passwordChanged = (userId: string, how: 'create' | 'update' = 'update'): Signal => ({
  userId,
  name: 'credential-change',
  reason: how === 'create' ? 'A password was set' : 'The password was changed',
  claims: { credential_type: 'password', change_type: how },
});
