import { useMessages } from '../look.ts';

export type LinkedIdentitiesProps = {
  readonly organization?: string | undefined;
  readonly externalId?: string | undefined;
  readonly accounts: readonly {
    readonly name: string;
    readonly state: 'pending' | 'active' | 'inactive';
    /** When it was linked, as the person reads dates. */
    readonly since: string;
  }[];
};

/** Where the account comes from, and the accounts elsewhere that follow it. */
export function LinkedIdentities({ organization, externalId, accounts }: LinkedIdentitiesProps) {
  const text = useMessages('linkedIdentities');
  const facts = [
    { term: text.organization, detail: organization },
    { term: text.directory, detail: externalId },
    ...accounts.map(({ name, state, since }) => ({ term: name, detail: text.states[state]({ since }) })),
  ].filter(({ detail }) => detail !== undefined);
  return (
    <section class="panel" aria-labelledby="linked-title">
      <h2 id="linked-title">{text.title}</h2>
      {facts.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <dl class="facts">
          {facts.map(({ term, detail }) => (
            <div key={term} class="fact">
              <dt>
                <bdi>{term}</bdi>
              </dt>
              <dd>
                <bdi>{detail}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p class="hint">{text.hint}</p>
    </section>
  );
}
