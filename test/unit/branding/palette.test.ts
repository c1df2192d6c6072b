import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brandingInput } from '../../../src/domain/branding/branding-input.ts';
import { contrast } from '../../../src/domain/branding/colour.ts';
import { BASE, contrastFaults, paletteOf } from '../../../src/domain/branding/palette.ts';

const aColor = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`);
const aScheme = fc.record({ accent: aColor, background: aColor }, { requiredKeys: ['accent'] });
const someColors = fc.record({ light: aScheme, dark: aScheme }, { requiredKeys: [] });

describe('WCAG 2.2: contrast of chosen colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBeCloseTo(ratio, 2);
  });

  it('§1.4.3: whatever is taken can be read everywhere it is used, in light and in dark', () => {
    fc.assert(
      fc.property(someColors, (colors) => {
        fc.pre(contrastFaults(colors).length === 0);
        const palette = paletteOf(colors);
        for (const name of ['light', 'dark'] as const) {
          const { accent, accentStrong, accentSoft, onAccent, background } = palette[name];
          const { surface, ink, muted } = BASE[name];
          for (const behind of [surface, background]) expect(contrast(accent, behind)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(accent, accentSoft)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(accentStrong, surface)).toBeGreaterThanOrEqual(4.5);
          for (const text of [ink, muted]) expect(contrast(text, background)).toBeGreaterThanOrEqual(4.5);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('what is refused comes with a colour that would do', () => {
    fc.assert(
      fc.property(aColor, fc.constantFrom('light' as const, 'dark' as const), (accent, name) => {
        const [fault] = contrastFaults({ [name]: { accent } });
        const advice = /(#[0-9a-f]{6}) would do/.exec(fault?.detail ?? '')?.[1];
        expect(fault === undefined || contrastFaults({ [name]: { accent: advice ?? '' } }).length === 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('the colours that stay are those of the style sheet', () => {
    const sheet = readFileSync(new URL('../../../views/assets/doorward.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = [...sheet.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);
    const full = (color = '') => (color.length === 4 ? color.replaceAll(/[^#]/g, '$&$&') : color);
    const said = (body: string) =>
      Object.fromEntries(
        Object.keys(BASE.light).map((name) => [name, full(new RegExp(`--${name}: (#[0-9a-f]+)`).exec(body)?.[1])]),
      );

    expect(said(light)).toEqual(BASE.light);
    expect(said(dark)).toEqual(BASE.dark);
  });
});

const pointers = (value: unknown) =>
  brandingInput.safeParse(value).error?.issues.map(({ path, code }) => [path.join('/'), code]);
const png = (bytes: Buffer) => ({ logo: { light: `data:image/png;base64,${bytes.toString('base64')}` } });
const chunk = (type: string, data: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
};
const header = Buffer.alloc(13);
header.writeUInt32BE(120, 0);
header.writeUInt32BE(40, 4);
const image = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', header),
  chunk('IDAT', Buffer.alloc(10)),
  chunk('IEND', Buffer.alloc(0)),
]);

describe('issue 5 §12: branding is data, and nothing in it can run', () => {
  it('a whole one is taken', () => {
    const input = {
      name: 'Acme',
      colors: { light: { accent: '#7A1F5C', background: '#ffffff' } },
      font: 'serif',
      links: { help: 'https://acme.example/help' },
      mailSender: 'Acme Accounts',
      ...png(image),
    };

    expect(brandingInput.parse(input).colors?.light?.accent).toBe('#7a1f5c');
  });

  it.each([
    [{ css: 'body{}' }, [['', 'unrecognized_keys']]],
    [
      { name: 'A\u0000' },
      [
        ['name', 'custom'],
        ['name', 'custom'],
      ],
    ],
    [{ colors: { light: { accent: 'red;}body{}' } } }, [['colors/light/accent', 'invalid_format']]],
    [{ colors: { light: { accent: '#ffff00' } } }, [['colors/light/accent', 'custom']]],
    [{ colors: { dark: { accent: '#0000aa' } } }, [['colors/dark/accent', 'custom']]],
    [{ font: 'url(https://evil.example)' }, [['font', 'invalid_value']]],
    [{ links: { help: 'javascript:alert(1)' } }, [['links/help', 'custom']]],
    [{ mailSender: 'Bank <bank@bank.example>' }, [['mailSender', 'invalid_format']]],
    [{ logo: { light: 'https://evil.example/logo.png' } }, [['logo/light', 'custom']]],
    [{ logo: { light: 'data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=' } }, [['logo/light', 'custom']]],
    [{ logo: { light: 'data:text/html;base64,PGI+' } }, [['logo/light', 'custom']]],
    [png(Buffer.from('<svg onload=alert(1)>')), [['logo/light', 'custom']]],
    [png(Buffer.concat([image, Buffer.from('<script>')])), [['logo/light', 'custom']]],
    [png(image.subarray(0, 40)), [['logo/light', 'custom']]],
    [
      png(Buffer.alloc(70_000)),
      [
        ['logo/light', 'too_big'],
        ['logo/light', 'custom'],
      ],
    ],
  ])('%#: what is not is refused at its place', (input, expected) => {
    expect(pointers(input)).toEqual(expected);
  });
});
