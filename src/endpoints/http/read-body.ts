import type { IncomingMessage } from 'node:http';
import { DomainError, type Fault, invalid } from '../../kernel/errors.ts';
import { isStorableText } from '../../kernel/text.ts';

export const LARGEST_BODY_BYTES = 1_000_000;

/** A refusal that has its own HTTP status beside the kinds of DESIGN §7 (RFC 9110 §15.5.14, §15.5.16). */
export class BodyRefused extends DomainError {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, code: string, detail: string, faults: readonly Fault[] = []) {
    super('invalid', code, { detail, faults });
    this.status = status;
  }
}

/** A body that is handed on as it comes. */
export type UploadedBody = { readonly mediaType: string; readonly bytes: AsyncIterable<Buffer> };
export type UploadLimits = { readonly mediaTypes: readonly string[]; readonly largestBytes: number };

/** Nothing is read yet. Refuses other media types, content codings and, as soon as it is known, more than the largest size. */
export function openUpload(req: IncomingMessage, { mediaTypes, largestBytes }: UploadLimits): UploadedBody {
  refuseCoding(req);
  const mediaType = mediaTypeOf(req);
  if (mediaType === undefined || !mediaTypes.includes(mediaType))
    throw new BodyRefused(415, 'request.media_type_unsupported', `expected Content-Type ${mediaTypes.join(' or ')}`);
  if (Number(req.headers['content-length'] ?? 0) > largestBytes) throw tooLarge(largestBytes);
  return { mediaType, bytes: upTo(req, largestBytes) };
}

async function* upTo(req: AsyncIterable<Buffer>, largestBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > largestBytes) throw tooLarge(largestBytes);
    yield chunk;
  }
}

function refuseCoding(req: IncomingMessage): void {
  const coding = req.headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw new BodyRefused(415, 'request.content_encoding_unsupported', 'expected a body without content coding');
}

/** The whole body as text. Refuses more than 1 MB, content codings, and bytes that are not UTF-8 or that hold NUL. */
export async function readTextBody(req: IncomingMessage): Promise<string> {
  refuseCoding(req);
  if (Number(req.headers['content-length'] ?? 0) > LARGEST_BODY_BYTES) throw tooLarge(LARGEST_BODY_BYTES);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw tooLarge(LARGEST_BODY_BYTES);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BodyRefused(400, 'request.not_utf8', 'the body is not valid UTF-8');
  }
}

const tooLarge = (largest: number): BodyRefused =>
  new BodyRefused(413, 'request.too_large', `expected at most ${largest} bytes`);

export async function readJsonBody(req: IncomingMessage, mediaTypes: readonly string[]): Promise<unknown> {
  const mediaType = mediaTypeOf(req);
  if (mediaType === undefined || !mediaTypes.includes(mediaType)) {
    throw new BodyRefused(415, 'request.media_type_unsupported', `expected Content-Type ${mediaTypes.join(' or ')}`);
  }
  const text = await readTextBody(req);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BodyRefused(
      400,
      'request.not_json',
      `the body is not JSON: ${error instanceof Error ? error.message : 'parse error'}`,
    );
  }
  assertStorable(value, '');
  return value;
}

/** `application/x-www-form-urlencoded`; a repeated field is refused, because two readers would disagree on which one counts. */
export async function readFormBody(req: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  if (mediaTypeOf(req) !== 'application/x-www-form-urlencoded') {
    throw new BodyRefused(415, 'request.media_type_unsupported', 'expected a form');
  }
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(await readTextBody(req))) {
    if (name in fields)
      throw new BodyRefused(400, 'request.field_repeated', `the field ${name} is there more than once`);
    if (!isStorableText(value) || !isStorableText(name))
      throw new BodyRefused(400, 'request.text_invalid', `the field ${name} holds characters that cannot be stored`);
    fields[name] = value;
  }
  return fields;
}

const mediaTypeOf = (req: IncomingMessage): string | undefined =>
  req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();

const DEEPEST_JSON = 32;

/** NUL and lone surrogates in any string or name, and nesting that only an attacker sends, are refused with their place. */
function assertStorable(value: unknown, pointer: string, depth = 0): void {
  if (depth > DEEPEST_JSON)
    throw new BodyRefused(400, 'request.too_deep', `expected at most ${DEEPEST_JSON} levels of nesting`);
  if (typeof value === 'string' && !isStorableText(value)) {
    throw invalid('request.text_invalid', {
      detail: 'the text holds characters that cannot be stored',
      faults: [{ pointer, detail: 'NUL and lone surrogates are not allowed' }],
    });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const place = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!isStorableText(name))
      throw invalid('request.text_invalid', {
        faults: [{ pointer, detail: 'a member name holds NUL or a lone surrogate' }],
      });
    assertStorable(member, place, depth + 1);
  }
}
