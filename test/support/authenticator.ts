import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, type X509Certificate } from 'node:crypto';

/** What one authenticator says of itself, and what a test bends. */
export type AuthenticatorFacts = {
  readonly aaguid?: string;
  readonly isSynced?: boolean;
  /** Never counts, as synchronised passkeys do. */
  readonly countsNothing?: boolean;
  /** Its maker's certificate and key: attestation by format `packed`. `self`: by the new key alone. */
  readonly attestation?: 'self' | { readonly certificate: X509Certificate; readonly key: KeyObject };
};

/** What a page asks for, as a script reads it. */
export type Asked = {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
};

export type Bent = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly isSynced?: boolean;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  readonly userHandle?: string;
  readonly counter?: number;
  readonly challenge?: string;
  readonly signature?: Buffer;
};

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** The few kinds of CBOR (RFC 8949) that an authenticator writes. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map)
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)])]);
  throw new Error('no such kind');
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

/** A passkey in software, for tests that need no browser. */
export class Authenticator {
  readonly credentialId = randomBytes(32);
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly facts: AuthenticatorFacts;
  private readonly origin: string;
  private counter = 0;
  private userHandle = '';

  constructor(origin: string, facts: AuthenticatorFacts = {}) {
    this.origin = origin;
    this.facts = facts;
  }

  get id(): string {
    return this.credentialId.toString('base64url');
  }

  /** The answer to `navigator.credentials.create`, as the page's script posts it. */
  create(asked: Asked, bent: Bent = {}): string {
    this.userHandle = asked.user?.id ?? '';
    const clientData = this.clientData('webauthn.create', asked, bent);
    const data = this.data(asked.rp?.id ?? '', bent, this.credential());
    const statement = this.statement(Buffer.concat([data, sha256(clientData)]));
    const attestationObject = cbor(
      new Map<string, unknown>([
        ['fmt', statement.size > 0 ? 'packed' : 'none'],
        ['attStmt', statement],
        ['authData', data],
      ]),
    );
    return this.answer({
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** The answer to `navigator.credentials.get`. */
  get(asked: Asked, bent: Bent = {}): string {
    const clientData = this.clientData('webauthn.get', asked, bent);
    const data = this.data(asked.rpId ?? '', bent);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.keys.privateKey);
    return this.answer({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: (bent.signature ?? signature).toString('base64url'),
      userHandle: bent.userHandle ?? this.userHandle,
    });
  }

  private answer(response: Record<string, unknown>): string {
    return JSON.stringify({ id: this.id, rawId: this.id, type: 'public-key', response });
  }

  private clientData(type: string, asked: Asked, bent: Bent): Buffer {
    const { origin = this.origin, crossOrigin = false } = bent;
    const challenge = bent.challenge ?? asked.challenge;
    return Buffer.from(JSON.stringify({ type: bent.type ?? type, challenge, origin, crossOrigin }));
  }

  private data(rpId: string, bent: Bent, credential?: Buffer): Buffer {
    const isSynced = bent.isSynced ?? this.facts.isSynced === true;
    const present = bent.isPresent === false ? 0 : 0x01;
    const verified = bent.isVerified === false ? 0 : 0x04;
    const flags = present | verified | (isSynced ? 0x18 : 0) | (credential ? 0x40 : 0);
    this.counter += this.facts.countsNothing ? 0 : 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(bent.counter ?? this.counter);
    return Buffer.concat([sha256(bent.rpId ?? rpId), Buffer.from([flags]), count, credential ?? Buffer.alloc(0)]);
  }

  private credential(): Buffer {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const aaguid = Buffer.from(
      (this.facts.aaguid ?? '00000000-0000-0000-0000-000000000000').replaceAll('-', ''),
      'hex',
    );
    return Buffer.concat([aaguid, Buffer.from([0, this.credentialId.length]), this.credentialId, cbor(key)]);
  }

  private statement(signed: Buffer): Map<string, unknown> {
    const { attestation } = this.facts;
    if (attestation === undefined) return new Map();
    const key = attestation === 'self' ? this.keys.privateKey : attestation.key;
    const statement = new Map<string, unknown>([
      ['alg', -7],
      ['sig', sign('sha256', signed, key)],
    ]);
    return attestation === 'self' ? statement : statement.set('x5c', [attestation.certificate.raw]);
  }
}
