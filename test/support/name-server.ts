// A DNS server on loopback, over UDP and TCP, that answers as a test tells it.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { type Answer, decode, encode, type Packet, streamDecode, streamEncode } from 'dns-packet';

/** What is answered to a question for TXT records: answers and a code, bytes as they are, or nothing at all. */
export type NameServerReply = { readonly answers?: readonly Answer[]; readonly rcode?: number } | Buffer | 'silence';

export type NameServer = {
  /** As DOORWARD_DNS_SERVERS takes it. */
  readonly address: string;
  /** By the name that is asked for; what is not there does not exist. */
  readonly zone: Map<string, NameServerReply>;
  readonly asked: readonly string[];
  stop(): Promise<void>;
};

const NXDOMAIN = 3;
const AUTHORITATIVE_RESPONSE = 0x0400 | 0x0080;
const TRUNCATED = 0x0200;
const LARGEST_DATAGRAM = 1232;

export const txt = (name: string, ...values: readonly string[]): NameServerReply => ({
  answers: values.map((value) => ({ type: 'TXT', name, ttl: 60, data: inParts(value) })),
});

/** RFC 1035 §3.3.14: one string holds 255 bytes, a record several. */
const inParts = (value: string): Buffer[] => (value.match(/.{1,255}/gs) ?? ['']).map((part) => Buffer.from(part));

export async function startNameServer(): Promise<NameServer> {
  const zone = new Map<string, NameServerReply>();
  const asked: string[] = [];
  const replyTo = (query: Packet): Packet | Buffer | undefined => {
    const [question] = query.questions ?? [];
    const name = (question?.name ?? '').toLowerCase();
    asked.push(name);
    const reply = zone.get(name) ?? { rcode: NXDOMAIN };
    if (reply === 'silence') return undefined;
    if (Buffer.isBuffer(reply)) return Buffer.concat([idBytes(query), reply]);
    const { answers = [], rcode = 0 } = reply;
    const { id, questions = [] } = query;
    const flags = AUTHORITATIVE_RESPONSE | rcode;
    return {
      type: 'response',
      flags,
      questions: [...questions],
      answers: [...answers],
      ...(id === undefined ? {} : { id }),
    };
  };
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const query = decode(message);
    const reply = replyTo(query);
    if (reply === undefined) return;
    const bytes = Buffer.isBuffer(reply) ? reply : encode(reply);
    const isShort = Buffer.isBuffer(reply) || bytes.length <= LARGEST_DATAGRAM;
    udp.send(isShort ? bytes : encode(truncated(reply)), from.port, from.address);
  });
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      const reply = replyTo(streamDecode(received));
      received = Buffer.alloc(0);
      if (reply !== undefined && !Buffer.isBuffer(reply)) socket.end(streamEncode(reply));
    });
  });
  const port = await bothOn(udp, tcp);
  return {
    address: `127.0.0.1:${port}`,
    zone,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => udp.close(resolve));
      await new Promise<void>((resolve) => void tcp.close(() => resolve()));
    },
  };
}

const idBytes = ({ id = 0 }: Packet): Buffer => Buffer.from([id >> 8, id & 255]);
const truncated = ({ answers: _, ...reply }: Packet): Packet => ({ ...reply, flags: (reply.flags ?? 0) | TRUNCATED });

/** One port that is free for both. */
async function bothOn(udp: ReturnType<typeof createSocket>, tcp: ReturnType<typeof createServer>): Promise<number> {
  for (;;) {
    await new Promise<void>((resolve) => void tcp.listen(0, '127.0.0.1', resolve));
    const address = tcp.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const isBound = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false));
      udp.bind(port, '127.0.0.1', () => resolve(true));
    });
    if (isBound) return port;
    await new Promise<void>((resolve) => void tcp.close(() => resolve()));
  }
}
