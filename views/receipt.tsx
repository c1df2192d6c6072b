import { CodeBlock } from './code-block.tsx';
import { SiteLayout } from './layout.tsx';
import { useMessages } from './look.ts';

export type ReceiptPageProps = {
  readonly receipt: {
    readonly issuer: string;
    readonly id: string;
    readonly userId: string;
    readonly cause: string;
    readonly actor: { readonly type: string; readonly id: string };
    readonly requestId: string | null;
    readonly createdAt: string;
    readonly status: string;
    readonly asOf: string;
    readonly targets: readonly ReceiptPageTarget[];
    readonly signature: { readonly kid: string; readonly jws: string };
  };
};

export type ReceiptPageTarget = {
  readonly kind: string;
  readonly id: string | null;
  readonly name: string | null;
  readonly sent: string | null;
  readonly state: string;
  readonly ended?: Readonly<Record<string, number>>;
  readonly note?: string;
  readonly tokensEndBy?: string;
  readonly attempts?: number;
  readonly lastAttemptAt?: string | null;
  readonly answer?: { readonly status: number; readonly excerpt: string | null } | null;
  readonly error?: string | null;
};

/** To print, or to keep beside the ticket: what ended with someone's access, and who was told. */
export function ReceiptPage({ receipt }: ReceiptPageProps) {
  const text = useMessages('receipt');
  const causes: Readonly<Record<string, string>> = text.causes;
  const open = receipt.targets.filter(({ state }) => state === 'pending' || state === 'failed').length;
  return (
    <SiteLayout title={text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{open === 0 ? text.complete : text.open({ open, all: receipt.targets.length })}</p>
      <section class="panel" aria-labelledby="facts">
        <h2 id="facts">{text.facts}</h2>
        <dl class="facts">
          <Fact term={text.person} value={receipt.userId} />
          <Fact term={text.cause} value={causes[receipt.cause] ?? receipt.cause} />
          <Fact term={text.actor} value={`${receipt.actor.type} ${receipt.actor.id}`} />
          {receipt.requestId !== null && <Fact term={text.request} value={receipt.requestId} />}
          <Fact term={text.createdAt} value={receipt.createdAt} />
          <Fact term={text.asOf} value={receipt.asOf} />
        </dl>
      </section>
      <section class="panel" aria-labelledby="targets">
        <h2 id="targets">{text.targets}</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard (WCAG 2.1.1) */}
        <section class="table-scroll receipt-targets" tabIndex={0} aria-label={text.table}>
          <table>
            <thead>
              <tr>
                {[text.target, text.state, text.sent, text.answer, text.attempts, text.at].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {receipt.targets.map((target, index) => (
                <Target key={index} target={target} />
              ))}
            </tbody>
          </table>
        </section>
      </section>
      <section class="panel" aria-labelledby="signature">
        <h2 id="signature">{text.signature}</h2>
        <p>{text.signed({ kid: receipt.signature.kid, issuer: receipt.issuer })}</p>
        <CodeBlock label={text.signature} code={receipt.signature.jws} />
      </section>
    </SiteLayout>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}

function Target({ target }: { readonly target: ReceiptPageTarget }) {
  const text = useMessages('receipt');
  const states: Readonly<Record<string, string>> = text.states;
  const ended = Object.entries(target.ended ?? {}).filter(([, count]) => count > 0);
  const said = target.answer ? `${target.answer.status} ${target.answer.excerpt ?? ''}`.trim() : (target.error ?? '');
  return (
    <tr>
      <th scope="row">
        <bdi>{target.kind === 'local' ? text.here : (target.name ?? target.id ?? target.kind)}</bdi>
      </th>
      <td>
        {states[target.state] ?? target.state}
        {target.note !== undefined && <p class="hint">{target.note}</p>}
      </td>
      <td>
        {target.sent ?? '–'}
        {ended.length > 0 && <p class="hint">{ended.map(([name, count]) => `${name}: ${count}`).join(', ')}</p>}
      </td>
      <td>
        <bdi>{said === '' ? '–' : said}</bdi>
      </td>
      <td>{target.attempts ?? '–'}</td>
      <td>{target.lastAttemptAt ?? '–'}</td>
    </tr>
  );
}
