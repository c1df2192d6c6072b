/**
 * A logo is served by us to everybody, so it has to begin and end as an image of a kind that browsers only draw; what is checked
 * between differs by kind (ADR 0057). SVG can hold script and addresses, and is not taken.
 */
import { createHash } from 'node:crypto';

export type LogoImage = {
  readonly hash: string;
  readonly mediaType: 'image/png' | 'image/webp' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
};

export const LARGEST_LOGO_BYTES = 64 * 1024;
const LARGEST_SIDE = 2048;

type Size = { readonly width: number; readonly height: number };
type Fault = { readonly fault: string };

const readers = { 'image/png': pngSize, 'image/webp': webpSize, 'image/jpeg': jpegSize } as const;
type MediaType = keyof typeof readers;

const DATA_URL = /^data:([a-z0-9.+/-]{1,64});base64,([A-Za-z0-9+/]+={0,2})$/;

/** Reads a `data:` URL (RFC 2397). */
export function readLogo(text: string): LogoImage | Fault {
  const [, mediaType = '', base64 = ''] = DATA_URL.exec(text) ?? [];
  if (mediaType === 'image/svg+xml')
    return { fault: 'SVG can hold script and is not taken; expected PNG, WebP or JPEG' };
  if (!isMediaType(mediaType)) return { fault: 'expected data:image/png;base64,…, or image/webp or image/jpeg' };
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > LARGEST_LOGO_BYTES) return { fault: `expected at most ${LARGEST_LOGO_BYTES / 1024} KB` };
  const size = readers[mediaType](bytes);
  if (size === undefined)
    return { fault: `this is not a whole ${mediaType.slice(6).toUpperCase()} image and nothing else` };
  if (size.width < 1 || size.height < 1 || size.width > LARGEST_SIDE || size.height > LARGEST_SIDE)
    return { fault: `expected at most ${LARGEST_SIDE} × ${LARGEST_SIDE} pixels` };
  const hash = createHash('sha256').update(mediaType).update(bytes).digest('base64url');
  return { hash, mediaType, ...size, bytes };
}

export const logoDataUrl = ({ mediaType, bytes }: Pick<LogoImage, 'mediaType' | 'bytes'>): string =>
  `data:${mediaType};base64,${bytes.toString('base64')}`;

const isMediaType = (text: string): text is MediaType => Object.hasOwn(readers, text);

/** PNG (Third Edition) §5: a signature, then chunks, of which the first is IHDR and the last IEND. */
function pngSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 33 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    at += 12 + bytes.readUInt32BE(at);
    if (type === 'IEND')
      return at === bytes.length ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : undefined;
  }
  return undefined;
}

/** RFC 9649 §2: a RIFF container as long as it says, with one of three kinds of header. */
function webpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    return undefined;
  if (bytes.readUInt32LE(4) + 8 !== bytes.length) return undefined;
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** ITU-T T.81 §B: segments from SOI to EOI; the frame header holds the size. */
function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (isFrame(marker)) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
