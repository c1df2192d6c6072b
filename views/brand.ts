/** How a page looks when it is to look like somebody's own: addresses and texts alone, all of them served and checked by us. */
export type BrandLogo = {
  readonly url: string;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
};

export type Brand = {
  /** Stands where otherwise the product's name does. */
  readonly name?: string | undefined;
  readonly logo?: { readonly light: BrandLogo; readonly dark?: BrandLogo | undefined } | undefined;
  /** After the pages' own; the last one counts. */
  readonly stylesheets: readonly string[];
  readonly links: { readonly [Name in BrandLink]?: string | undefined };
  /** Mails say it on each element. */
  readonly mailColors?: { readonly light: MailColors; readonly dark: MailColors } | undefined;
  readonly mailFont?: string | undefined;
};

export const brandLinks = ['terms', 'privacy', 'help'] as const;
export type BrandLink = (typeof brandLinks)[number];
export type MailColors = { readonly accent: string; readonly onAccent: string; readonly background: string };

export const plainBrand: Brand = { stylesheets: [], links: {} };

/** A logo this wide holds the name. */
export const isWordmark = ({ width, height }: BrandLogo): boolean => width > 2 * height;

/** For light, and for dark where it has another. */
export const logosOf = ({ logo }: Pick<Brand, 'logo'>): readonly BrandLogo[] =>
  logo === undefined ? [] : [logo.light, ...(logo.dark ? [logo.dark] : [])];

/** What an image is called within a mail that carries it (RFC 2392). */
export const contentIdOf = ({ hash }: Pick<BrandLogo, 'hash'>): string => `${hash}@branding`;
