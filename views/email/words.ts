import { type Brand, brandLinks, plainBrand } from '../brand.ts';
import type { Catalogue } from '../messages/catalogue.ts';
import { safeUrl } from '../safe-url.ts';

/** To an address that belongs to nobody yet, nobody is named. */
export function greetingFor(catalogue: Catalogue, person?: string): string {
  const { greeting, greetingNobody } = catalogue.page('mail');
  return person === undefined ? greetingNobody : greeting({ person });
}

export const footerText = (catalogue: Catalogue, host: string): string =>
  catalogue.page('mail').footer({ product: catalogue.page('layout').product, host });

/** Where whoever writes says more, as at the foot of the pages. */
export function footerLinks(catalogue: Catalogue, { links }: Brand = plainBrand) {
  const text = catalogue.page('layout').links;
  return brandLinks.flatMap((name) => {
    const url = safeUrl(links[name]);
    return url === undefined ? [] : [{ label: text[name], url }];
  });
}

const units = [
  { seconds: 86_400, name: 'days' },
  { seconds: 3_600, name: 'hours' },
  { seconds: 60, name: 'minutes' },
] as const;

/** How long a link lasts, in words: "30 minutes", "a day". Never more than it is. */
export function durationInWords(catalogue: Catalogue, seconds: number): string {
  const { name, ...unit } = units.find((one) => seconds >= one.seconds) ?? units[2];
  return catalogue.page('mail')[name]({ count: Math.max(1, Math.floor(seconds / unit.seconds)) });
}
