import { assets, assetUrl } from '../../../views/assets.ts';
import { BRANDING_PATH } from './brand-of.ts';

/** For pictures of pages: light or dark, whatever the screen they are looked at on prefers. */
export type ForcedScheme = 'light' | 'dark';

const ALWAYS = '(min-width: 0)';
const NEVER = '(max-width: 0)';

/** Of a page or a style sheet of ours. */
export const inScheme = (source: string, scheme: ForcedScheme): string =>
  source
    .replaceAll(/\(prefers-color-scheme: ?dark\)/g, scheme === 'dark' ? ALWAYS : NEVER)
    .replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`)
    .replaceAll('content="light dark"', `content="${scheme}"`);

const [, version = ''] = assetUrl('doorward.css').split('?v=');

/** The address changes with what is in it. */
export const forcedSheetPath = (scheme: ForcedScheme): string => `${BRANDING_PATH}/pages-${scheme}-${version}.css`;

/** The pages' own style sheet, by path. */
export const forcedSheets: ReadonlyMap<string, string> = new Map(
  (['light', 'dark'] as const).map((scheme) => [
    forcedSheetPath(scheme),
    inScheme(assets.get('/assets/doorward.css')?.body.toString() ?? '', scheme),
  ]),
);
