import type { Signal } from '../signals/emit-signals.ts';

/** CAEP §3.3: what receivers are told of another password. */
export const passwordChanged = (userId: string): Signal => ({
  userId,
  name: 'credential-change',
  claims: { credential_type: 'password', change_type: 'update' },
});
