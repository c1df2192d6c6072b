import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Asset } from './assets.ts';

export type Encoding = 'br' | 'gzip';

const encoded = new WeakMap<Asset, Map<Encoding, Buffer>>();

const encoders: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
  gzip: (body) => gzipSync(body, { level: 9 }),
};

/** Compressed with the first request that takes it so, and kept. */
export function encodedAsset(asset: Asset, encoding: Encoding): Buffer {
  const known = encoded.get(asset) ?? new Map<Encoding, Buffer>();
  encoded.set(asset, known);
  const body = known.get(encoding) ?? encoders[encoding](asset.body);
  known.set(encoding, body);
  return body;
}
