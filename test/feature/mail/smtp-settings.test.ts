import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/config/load.ts';

const problems = (env: Record<string, string>) => {
  const result = loadConfiguration(env, process.cwd());
  return result.ok ? [] : result.problems;
};

describe('settings of mail', () => {
  it.each([
    'smtp://mail.example.com',
    'smtp://user:pass%40word@mail.example.com:587',
    'smtps://mail.example.com:465/',
    'smtp://relay:25?starttls=off',
    'smtp://[::1]:25',
  ])('DOORWARD_SMTP_URL takes %s', (url) => {
    expect(problems({ DOORWARD_SMTP_URL: url })).toEqual([]);
  });

  it.each([
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://mail.example.com?starttls=optional',
    'smtps://mail.example.com?starttls=off',
    'smtp://mail.example.com?tls.rejectUnauthorized=false',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com#x',
  ])('DOORWARD_SMTP_URL refuses %s', (url) => {
    expect(problems({ DOORWARD_SMTP_URL: url })).toEqual([expect.stringContaining('DOORWARD_SMTP_URL')]);
  });

  it.each([
    ['no-reply@example.com', true],
    ['Orders Ltd <no-reply@example.com>', true],
    ['Orders Ltd', false],
    ['a@example.com, b@example.com', false],
    ['Orders\r\nBcc: eve@example.com <a@example.com>', false],
  ])('DOORWARD_MAIL_FROM %j: %s', (from, isTaken) => {
    expect(problems({ DOORWARD_MAIL_FROM: from })).toHaveLength(isTaken ? 0 : 1);
  });
});
