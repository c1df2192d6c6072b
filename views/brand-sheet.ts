type Scheme = Readonly<Record<'accent' | 'accentStrong' | 'accentSoft' | 'onAccent' | 'background', string>>;

/** Fonts that are on people's devices. */
const families: Readonly<Record<string, string>> = {
  humanist: 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", source-sans-pro, sans-serif',
  geometric: 'Avenir, Montserrat, Corbel, "URW Gothic", source-sans-pro, sans-serif',
  serif: 'Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", serif',
  rounded:
    'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, "Arial Rounded MT Bold", sans-serif',
};

const variables = ({ accent, accentStrong, accentSoft, onAccent, background }: Scheme): string =>
  `:root{--accent:${accent};--accent-strong:${accentStrong};--accent-soft:${accentSoft};--on-accent:${onAccent};--paper:${background};--mark-wall:${accent}}`;

/** Undefined for the pages' own. */
export const fontFamily = (font: string | undefined): string | undefined =>
  font === undefined ? undefined : families[font];

/** What a choice of colours and fonts adds to the pages' style sheet. All of it was parsed as a colour or is named here. */
export function brandSheet(
  palette: { readonly light: Scheme; readonly dark: Scheme } | undefined,
  font?: string,
): string {
  const family = fontFamily(font);
  return [
    palette === undefined ? '' : variables(palette.light),
    palette === undefined ? '' : `@media screen and (prefers-color-scheme:dark){${variables(palette.dark)}}`,
    family === undefined ? '' : `body{font-family:${family}}`,
  ].join('');
}
