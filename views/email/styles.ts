import type { CSSProperties } from 'preact';
import { type Brand, plainBrand } from '../brand.ts';

/**
 * Mail programs drop style sheets or parts of them, so the light look stands on each element; the sheet in the head only adds
 * what an element cannot say by itself: dark colours and narrow screens. Nothing is loaded from anywhere.
 */
const font = '-apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, "Helvetica Neue", Arial, sans-serif';

const styles = {
  body: { margin: '0', padding: '0', backgroundColor: '#f5f4ef', color: '#17211d', fontFamily: font },
  preview: { display: 'none', maxHeight: '0', overflow: 'hidden', opacity: '0', lineHeight: '1px' },
  page: { width: '100%', backgroundColor: '#f5f4ef' },
  pageCell: { padding: '32px 12px' },
  card: { width: '100%', maxWidth: '560px', margin: '0 auto' },
  logo: { border: '0', verticalAlign: 'middle', marginInlineEnd: '10px' },
  darkLogo: { display: 'none', border: '0', verticalAlign: 'middle', marginInlineEnd: '10px' },
  brand: { padding: '0 4px 16px', color: '#0f5c4a', fontSize: '17px', fontWeight: '700', letterSpacing: '-0.01em' },
  surface: { padding: '32px', backgroundColor: '#ffffff', border: '1px solid #dcdcd3', borderRadius: '12px' },
  heading: {
    margin: '0 0 20px',
    color: '#17211d',
    fontSize: '23px',
    fontWeight: '700',
    lineHeight: '1.25',
    letterSpacing: '-0.015em',
  },
  text: { margin: '0 0 16px', color: '#17211d', fontSize: '16px', lineHeight: '1.55' },
  buttonRow: { margin: '8px 0 24px' },
  button: {
    display: 'inline-block',
    padding: '13px 22px',
    backgroundColor: '#0f5c4a',
    border: '1px solid #0f5c4a',
    borderRadius: '10px',
    color: '#ffffff',
    fontSize: '16px',
    fontWeight: '600',
    lineHeight: '1.25',
    textDecoration: 'none',
  },
  address: { margin: '0 0 20px', color: '#545f5a', fontSize: '13px', lineHeight: '1.5', wordBreak: 'break-all' },
  facts: { width: '100%', margin: '0 0 20px', borderCollapse: 'collapse' },
  term: {
    padding: '9px 0',
    paddingInlineEnd: '16px',
    borderBottom: '1px solid #dcdcd3',
    color: '#545f5a',
    fontSize: '14px',
    fontWeight: '400',
    textAlign: 'start',
    verticalAlign: 'top',
    whiteSpace: 'nowrap',
  },
  detail: {
    padding: '9px 0',
    borderBottom: '1px solid #dcdcd3',
    color: '#17211d',
    fontSize: '15px',
    wordBreak: 'break-word',
  },
  note: { margin: '20px 0 0', color: '#545f5a', fontSize: '14px', lineHeight: '1.55' },
  link: { color: '#0f5c4a' },
  footer: { padding: '16px 4px 0', color: '#545f5a', fontSize: '12px', lineHeight: '1.5' },
  footerLinks: { marginTop: '6px' },
  footerLink: { color: '#0f5c4a', marginInlineEnd: '12px', whiteSpace: 'nowrap' },
} as const satisfies Record<string, CSSProperties>;

/** Classes are named like the styles they override. */
const sheet = [
  'a:hover { text-decoration: underline }',
  '@media (max-width: 480px) {',
  ' .page-cell { padding: 16px 8px !important } .surface { padding: 24px 20px !important }',
  ' .button { display: block !important; text-align: center !important }',
  '}',
  '@media (prefers-color-scheme: dark) {',
  ' .light-logo { display: none !important } .dark-logo { display: inline !important }',
  ' .body, .page { background-color: #0f1513 !important; color: #e9efec !important }',
  ' .surface { background-color: #18201d !important; border-color: #2d3834 !important }',
  ' .heading, .text, .detail { color: #e9efec !important } .brand, .link { color: #7fd6b9 !important }',
  ' .address, .note, .footer, .term { color: #a5b1ab !important }',
  ' .term, .detail { border-color: #2d3834 !important }',
  ' .button { background-color: #7fd6b9 !important; border-color: #7fd6b9 !important; color: #06251c !important }',
  '}',
].join('\n');

type Styles = Readonly<Record<keyof typeof styles, CSSProperties>>;

/** The same, in the colours and letters of whoever writes. */
export function stylesFor({ mailColors, mailFont }: Brand = plainBrand): Styles {
  const lettered: Styles =
    mailFont === undefined ? styles : { ...styles, body: { ...styles.body, fontFamily: mailFont } };
  if (mailColors === undefined) return lettered;
  const { accent, onAccent, background } = mailColors.light;
  return {
    ...lettered,
    body: { ...lettered.body, backgroundColor: background },
    page: { ...styles.page, backgroundColor: background },
    brand: { ...styles.brand, color: accent },
    button: { ...styles.button, backgroundColor: accent, border: `1px solid ${accent}`, color: onAccent },
    link: { color: accent },
    footerLink: { ...styles.footerLink, color: accent },
  };
}

export const sheetFor = ({ mailColors }: Brand = plainBrand): string =>
  mailColors === undefined
    ? sheet
    : sheet
        .replaceAll('#0f1513', mailColors.dark.background)
        .replaceAll('#7fd6b9', mailColors.dark.accent)
        .replaceAll('#06251c', mailColors.dark.onAccent);
