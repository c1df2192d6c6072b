import { z } from 'zod';
import { lineOfText, webAddress } from '../users/attribute-types.ts';
import { LARGEST_LOGO_BYTES, readLogo } from './logo-image.ts';
import { contrastFaults } from './palette.ts';

/** Families that are on people's devices already: nothing is downloaded. */
export const FONTS = ['system', 'humanist', 'geometric', 'serif', 'rounded'] as const;

const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'expected a colour such as #0f5c4a', abort: true })
  .transform((text) => text.toLowerCase());

const scheme = z.strictObject({
  accent: color.describe('Links, buttons and marks.'),
  background: z.exactOptional(color).describe('Behind the card or panels.'),
});

const logo = z
  .string()
  .max(Math.ceil((LARGEST_LOGO_BYTES * 4) / 3) + 64, `expected at most ${LARGEST_LOGO_BYTES / 1024} KB`)
  .superRefine((text, context) => {
    const image = readLogo(text);
    if ('fault' in image) context.addIssue({ code: 'custom', message: image.fault });
  });

/** Data alone: nothing in it can run, load or style anything but what is named here. */
export const brandingInput = z.strictObject({
  name: z.exactOptional(lineOfText(64)).describe('Stands where otherwise "Doorward" does.'),
  colors: z
    .exactOptional(
      z
        .strictObject({ light: z.exactOptional(scheme), dark: z.exactOptional(scheme) })
        .superRefine((colors, context) => {
          for (const { path, detail } of contrastFaults(colors))
            context.addIssue({ code: 'custom', path: [...path], message: detail });
        }),
    )
    .describe('Contrast is checked (WCAG 2.2 AA). Of light and dark, what is left out is computed from the other.'),
  font: z.exactOptional(z.enum(FONTS)).describe('A family of fonts that devices have; nothing is loaded.'),
  logo: z
    .exactOptional(
      z.strictObject({
        light: logo.describe('A PNG, WebP or JPEG as a data: URL, at most 64 KB.'),
        dark: z.exactOptional(logo).describe('For dark screens.'),
      }),
    )
    .describe('More than twice as wide as high: it holds the name, which is then not repeated beside it.'),
  links: z
    .exactOptional(
      z.strictObject({
        terms: z.exactOptional(webAddress),
        privacy: z.exactOptional(webAddress),
        help: z.exactOptional(webAddress),
      }),
    )
    .describe('At the foot of each page.'),
  mailSender: z
    .exactOptional(lineOfText(64).regex(/^[^<>@"\\]*$/, 'expected a name, without < > @ " and \\'))
    .describe('The name that mails come from; the address is that of DOORWARD_MAIL_FROM.'),
});

export type BrandingInput = z.output<typeof brandingInput>;
export type Font = (typeof FONTS)[number];
