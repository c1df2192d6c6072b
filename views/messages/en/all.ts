import { gettingIn } from './getting-in.ts';
import { signIn } from './sign-in.ts';

/** The source of all others: a key that is not here is not in any language. */
export const en = { ...signIn, ...gettingIn } as const;
