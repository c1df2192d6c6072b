import { contrast, mix, moveUntil } from './colour.ts';

/** What an operator chooses for light or for dark screens. */
export type SchemeColors = { readonly accent: string; readonly background?: string | undefined };
export type BrandColors = { readonly light?: SchemeColors | undefined; readonly dark?: SchemeColors | undefined };

/** All colours of the pages that follow from a choice. */
export type Scheme = {
  readonly accent: string;
  readonly accentStrong: string;
  readonly accentSoft: string;
  readonly onAccent: string;
  readonly background: string;
};
export type Palette = { readonly light: Scheme; readonly dark: Scheme };
type SchemeName = keyof Palette;

/** What the pages' own style sheet says of the colours that stay; a test holds the two together. */
export const BASE = {
  light: {
    paper: '#f5f4ef',
    surface: '#ffffff',
    ink: '#17211d',
    muted: '#545f5a',
    focus: '#1257c9',
    accent: '#0f5c4a',
  },
  dark: { paper: '#0f1513', surface: '#18201d', ink: '#e9efec', muted: '#a5b1ab', focus: '#9cc2ff', accent: '#7fd6b9' },
} as const;

/** WCAG 2.2 §1.4.3 and §1.4.11, level AA. */
const TEXT = 4.5;
const EDGE = 3;

const AWAY = { light: '#000000', dark: '#ffffff' } as const;
/** How much of the accent is in what lies behind it in notices and badges; less where it could not be read there. */
const SOFT_SHARES = { light: [0.12, 0.08, 0.04], dark: [0.2, 0.14, 0.08, 0.04] } as const;

function schemeOf(name: SchemeName, { accent, background }: SchemeColors): Scheme {
  const { surface, paper, ink } = BASE[name];
  const share = SOFT_SHARES[name].find((one) => contrast(accent, mix(accent, surface, one)) >= TEXT);
  const accentStrong = mix(ink, accent, 0.25);
  const onAccent = ['#ffffff', '#101614', '#000000'].find((text) =>
    [accent, accentStrong].every((behind) => contrast(text, behind) >= TEXT),
  );
  return {
    accent,
    accentStrong,
    accentSoft: share === undefined ? surface : mix(accent, surface, share),
    onAccent: onAccent ?? (contrast('#ffffff', accent) >= TEXT ? '#ffffff' : '#000000'),
    background: background ?? paper,
  };
}

const isReadable = (name: SchemeName, accent: string, background: string): boolean =>
  [BASE[name].surface, background].every((behind) => contrast(accent, behind) >= TEXT);

/** An accent for dark screens, where only the one for light screens was chosen; and the other way round. */
function counterpart(name: SchemeName, accent: string): SchemeColors {
  const { paper } = BASE[name];
  return { accent: moveUntil(accent, AWAY[name], (colour) => isReadable(name, colour, paper)) };
}

export function paletteOf({ light, dark }: BrandColors): Palette {
  const any = light?.accent ?? dark?.accent ?? BASE.light.accent;
  return {
    light: schemeOf('light', light ?? counterpart('light', any)),
    dark: schemeOf('dark', dark ?? counterpart('dark', any)),
  };
}

export type ContrastFault = { readonly path: readonly [SchemeName, 'accent' | 'background']; readonly detail: string };

/** What could not be read by everybody (WCAG 2.2 AA), each with a colour that could. */
export function contrastFaults(colors: BrandColors): readonly ContrastFault[] {
  return (['light', 'dark'] as const).flatMap((name) => {
    const chosen = colors[name];
    return chosen === undefined ? [] : [...backgroundFaults(name, chosen), ...accentFaults(name, chosen)];
  });
}

function backgroundFaults(name: SchemeName, { background }: SchemeColors): readonly ContrastFault[] {
  if (background === undefined) return [];
  const { ink, muted, focus } = BASE[name];
  const isFit = (colour: string) =>
    contrast(ink, colour) >= TEXT && contrast(muted, colour) >= TEXT && contrast(focus, colour) >= EDGE;
  if (isFit(background)) return [];
  const fit = moveUntil(background, name === 'light' ? '#ffffff' : '#000000', isFit);
  const detail = `the ${name} pages' grey text has a contrast of ${ratio(muted, background)} with it, and needs 4.5:1 (WCAG 2.2 §1.4.3); ${fit} would do`;
  return [{ path: [name, 'background'], detail }];
}

function accentFaults(name: SchemeName, { accent, background = BASE[name].paper }: SchemeColors): ContrastFault[] {
  const { surface } = BASE[name];
  const behind = contrast(accent, surface) < contrast(accent, background) ? surface : background;
  if (isReadable(name, accent, background)) return [];
  const fit = moveUntil(accent, AWAY[name], (colour) => isReadable(name, colour, background));
  const advice = isReadable(name, fit, background)
    ? `${fit} would do`
    : 'no such colour can be read on that background';
  const detail = `links in it have a contrast of ${ratio(accent, behind)} with ${behind}, and text needs 4.5:1 (WCAG 2.2 §1.4.3); ${advice}`;
  return [{ path: [name, 'accent'], detail }];
}

/** Never rounded up to what it is not. */
const ratio = (one: string, other: string): string => `${Math.floor(contrast(one, other) * 10) / 10}:1`;
