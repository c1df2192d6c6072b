import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayHost, safeRedirectUrl, safeUrl } from '../../../views/safe-url.ts';

describe('safeUrl', () => {
  it.each([
    'https://a.example/x?y#z',
    'http://localhost:4000/cb',
    'HTTPS://A.example',
    '/account',
    '/a?b=c#d',
    '#top',
    '?page=2',
  ])('keeps %s', (url) => {
    expect(safeUrl(url)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\u200bscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a.example/1',
    'file:///etc/passwd',
    'view-source:https://a.example',
    'com.example.app:/cb',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https:\\\\evil.example',
    'relative/path',
    '',
    'https://',
  ])('SECURITY-LESSONS 30: refuses %j', (url) => {
    expect(safeUrl(url)).toBeUndefined();
  });

  it('RFC 8252 §7.1: redirects may use a private-use scheme, but none that runs code', () => {
    expect(safeRedirectUrl('com.example.app:/cb')).toBe('com.example.app:/cb');
    expect(safeRedirectUrl('myapp://cb')).toBe('myapp://cb');
    for (const url of ['javascript:alert(1)', 'JavaScript:x', 'data:,x', 'vbscript:x', 'blob:x', 'about:blank']) {
      expect(safeRedirectUrl(url)).toBeUndefined();
    }
  });

  it('property: what is accepted resolves to http(s), and a path stays on this origin', () => {
    const pieces = fc.constantFrom(
      'javascript',
      ':',
      '/',
      '\\',
      '\t',
      '\n',
      ' ',
      'http',
      's',
      'evil.example',
      '#',
      '?',
      '@',
      'data',
      '.',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 8 }), (parts) => {
        const url = safeUrl(parts.join(''));
        if (url === undefined) return;
        const resolved = new URL(url, 'https://doorward.example/page');
        expect(['http:', 'https:']).toContain(resolved.protocol);
        if (/^[/?#]/.test(url)) expect(resolved.origin).toBe('https://doorward.example');
      }),
      { numRuns: 5000 },
    );
  });

  it('displayHost shows the host only, and in the form that shows look-alikes', () => {
    expect(displayHost('https://orders.example.com/callback')).toBe('orders.example.com');
    expect(displayHost('https://оrders.example/cb')).toMatch(/^xn--/);
    expect(displayHost('javascript:alert(1)')).toBeUndefined();
  });
});
