import type { AccountParts } from './parts.ts';

/** The operator leaves it to people, and links can be sent. */
export const mayChangeEmail = ({
  policy,
  isMailAvailable,
}: Pick<AccountParts, 'policy' | 'isMailAvailable'>): boolean => policy.emailChange && isMailAvailable;
