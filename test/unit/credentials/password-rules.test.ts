import { describe, expect, it } from '@jest/globals';
import { commonPasswords } from '../../../src/domain/credentials/common-passwords.ts';
import { checkPasswordRules, LEAST_RULES, SHORTEST_PASSWORD } from '../../../src/domain/credentials/password-rules.ts';
import { comparisonKey } from '../../../src/kernel/text.ts';

const outcome = (password: string, owner = {}) => {
  const result = checkPasswordRules(password, owner);
  return result.ok ? 'ok' : result.code;
};

describe('rules for new passwords', () => {
  it.each([
    ['a phrase', 'seven otters keep the ledger'],
    ['exactly eight characters', 'wq7 ubxe'],
    ['small letters only: no rules about kinds of characters', 'ledgerotterlantern'],
    ['eight characters of two code units', '🦦🔑🚪🏔🌊🌙🍄🧭'],
    ['1024 characters', `${'ab3 '.repeat(255)}wxyz`],
    ['spaces around', '  quiet harbour  '],
  ])('NIST SP 800-63B §5.1.1.2: %s is allowed', (_, password) => {
    expect(outcome(password)).toBe('ok');
  });

  it.each([
    ['seven characters', 'wq7 ubx', 'credentials.password_too_short'],
    ['four characters of two code units', '🦦🔑🚪🏔', 'credentials.password_too_short'],
    ['eight code points that compose to four', 'e\u0301a\u0300o\u0302u\u0308', 'credentials.password_too_short'],
    ['1025 characters', 'ab3 '.repeat(256).concat('x'), 'credentials.password_too_long'],
    ['a megabyte', 'ab3 '.repeat(250_000), 'credentials.password_too_long'],
    ['characters that grow beyond the limit', '\ufdfa'.repeat(100), 'credentials.password_too_long'],
    ['NUL', 'quiet\u0000harbour', 'credentials.password_not_text'],
    ['a lone surrogate', 'quiet\ud800harbour', 'credentials.password_not_text'],
    ['a common one', 'password123', 'credentials.password_too_common'],
    ['a common one in capitals', 'PassWord123', 'credentials.password_too_common'],
    ['a common one in full width', 'ｐａｓｓｗｏｒｄ１', 'credentials.password_too_common'],
    ['one character', 'aaaaaaaaaaaa', 'credentials.password_too_common'],
    ['a pair', 'xyxyxyxyx', 'credentials.password_too_common'],
    ['digits in order', '3456789012', 'credentials.password_too_common'],
    ['the alphabet backwards', 'zyxwvutsrq', 'credentials.password_too_common'],
    ['a keyboard row', 'wertyuiop', 'credentials.password_too_common'],
  ])('%s is refused', (_, password, code) => {
    expect(outcome(password)).toBe(code);
  });

  it.each([
    ['the user name', 'Margaret.H', 'credentials.password_is_user_name'],
    ['the user name in full width', 'ｍargaret.h', 'credentials.password_is_user_name'],
    ['an address', 'margaret.hamilton@example.org', 'credentials.password_is_email'],
    ['the second address', 'MHamilton@Example.com', 'credentials.password_is_email'],
    ['the name in an address', 'margaret.hamilton', 'credentials.password_is_email'],
  ])("%s is refused as that person's password", (_, password, code) => {
    const owner = { userName: 'margaret.h', emails: ['margaret.hamilton@example.org', 'mhamilton@example.com'] };

    expect(outcome(password, owner)).toBe(code);
    expect(outcome(password)).toBe('ok');
  });

  it('an organisation may ask for more characters', () => {
    const result = checkPasswordRules('quiet harbour', {}, { ...LEAST_RULES, minimumLength: 14 });

    expect(result).toEqual({
      ok: false,
      code: 'credentials.password_too_short',
      message: 'A password needs at least 14 characters.',
    });
  });

  it('the list holds hundreds, each in the form in which it is looked up and none that the length refuses anyway', () => {
    const useless = [...commonPasswords].filter(
      (word) => word !== comparisonKey(word) || word.length < SHORTEST_PASSWORD,
    );

    expect(useless).toEqual([]);
    expect(commonPasswords.size).toBeGreaterThan(400);
  });
});
