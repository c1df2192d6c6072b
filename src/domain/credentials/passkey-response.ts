import { z } from 'zod';

/** What a browser answers, as far as it is read (WebAuthn §5.1.8). Long enough for every authenticator there is. */
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const envelope = { id: base64url.max(1400), rawId: base64url.max(1400), type: z.literal('public-key') } as const;

const registration = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: base64url.max(8000),
    attestationObject: base64url.max(90_000),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
});

const assertion = z.object({
  ...envelope,
  response: z.object({
    clientDataJSON: base64url.max(8000),
    authenticatorData: base64url.max(8000),
    signature: base64url.max(8000),
    userHandle: base64url.max(100),
  }),
});

const clientData = z.object({ challenge: z.string(), crossOrigin: z.boolean().optional() });

type Read<Response> = { readonly response: Response; readonly challenge: string };

export type RegistrationResponse = z.output<typeof registration>;
export type AssertionResponse = z.output<typeof assertion>;

export const readRegistration = (text: string): Read<RegistrationResponse> | undefined => read(registration, text);
export const readAssertion = (text: string): Read<AssertionResponse> | undefined => read(assertion, text);

/** Undefined for what no browser sends, and for what was made inside a page of somebody else. */
function read<Response extends { response: { clientDataJSON: string } }>(
  schema: z.ZodType<Response>,
  text: string,
): Read<Response> | undefined {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const client = clientData.safeParse(jsonOf(Buffer.from(parsed.data.response.clientDataJSON, 'base64url').toString()));
  if (!client.success || client.data.crossOrigin === true) return undefined;
  return { response: parsed.data, challenge: client.data.challenge };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
