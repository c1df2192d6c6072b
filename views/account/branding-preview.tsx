import { Form, Notice } from '../form.tsx';
import { SiteLayout } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import type { FormTarget, PersonSummary } from '../site.ts';
import { type SamplePage, samplePages } from './branding-samples.tsx';

const previews = [
  { view: 'wideLight', isWide: true, scheme: 'light' },
  { view: 'phoneLight', isWide: false, scheme: 'light' },
  { view: 'wideDark', isWide: true, scheme: 'dark' },
  { view: 'phoneDark', isWide: false, scheme: 'dark' },
] as const;

export type BrandingPreviewProps = {
  readonly person: PersonSummary;
  readonly owner: { readonly organization: string; readonly clientId: string };
  /** POST with `branding`; or with `saved` and whose it is: `organization`, `client_id`. */
  readonly form: FormTarget;
  /** JSON, as it was typed or is saved. */
  readonly typed: string;
  readonly problem?: keyof Messages<'brandingPreview'>['problem'] | undefined;
  /** For whoever writes JSON: in English, as the admin API says it. */
  readonly faults?: readonly { readonly place: string; readonly detail: string }[] | undefined;
  /** Whole documents, by page and kind of screen. */
  readonly documents: Readonly<Record<'light' | 'dark', Readonly<Record<SamplePage, string>>>> | undefined;
};

/** Pages and a mail as they would be. What is shown runs nothing, reaches nothing and can be pressed nowhere. */
export function BrandingPreviewPage(props: BrandingPreviewProps) {
  const text = useMessages('brandingPreview');
  const { person, documents } = props;
  return (
    <SiteLayout title={text.title} current="account" person={person}>
      <div class="hero">
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
      </div>
      <div class="columns">
        <Owner {...props} />
        <Wish {...props} />
      </div>
      {documents &&
        samplePages.map((page) => (
          <section key={page} class="panel" aria-labelledby={`preview-${page}`}>
            <h2 id={`preview-${page}`}>{text.pages[page]}</h2>
            <div class="previews">
              {previews.map(({ view, isWide, scheme }) => (
                <figure key={view} class={isWide ? 'preview preview-wide' : 'preview'}>
                  <div class="preview-frame">
                    <iframe
                      title={text.frame({ page: text.pages[page], view: text.views[view] })}
                      srcdoc={documents[scheme][page]}
                      sandbox=""
                      inert
                      tabIndex={-1}
                    />
                  </div>
                  <figcaption class="hint">{text.views[view]}</figcaption>
                </figure>
              ))}
            </div>
          </section>
        ))}
    </SiteLayout>
  );
}

function Owner({ form, owner }: BrandingPreviewProps) {
  const text = useMessages('brandingPreview');
  const fields = [
    { name: 'organization', label: text.organization, value: owner.organization },
    { name: 'client_id', label: text.application, value: owner.clientId },
  ];
  return (
    <section class="panel" aria-labelledby="preview-owner">
      <h2 id="preview-owner">{text.whose}</h2>
      <p class="hint">{text.whoseHint}</p>
      <Form target={form} class="stack">
        {fields.map(({ name, label, value }) => (
          <div key={name} class="field">
            <label for={name}>{label}</label>
            <input id={name} name={name} type="text" value={value} autocomplete="off" spellcheck={false} dir="ltr" />
          </div>
        ))}
        <p class="buttons">
          <button type="submit" class="button button-quiet" name="saved" value="yes">
            {text.load}
          </button>
        </p>
      </Form>
    </section>
  );
}

function Wish({ form, typed, problem, faults = [] }: BrandingPreviewProps) {
  const text = useMessages('brandingPreview');
  return (
    <section class="panel" aria-labelledby="preview-wish">
      <h2 id="preview-wish">{text.branding}</h2>
      {problem && (
        <Notice tone="error" title={text.problem[problem]}>
          {faults.length > 0 && (
            <ul lang="en" dir="ltr">
              {faults.map(({ place, detail }) => (
                <li key={place + detail}>
                  <code>{place}</code> {detail}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <Form target={form} class="stack">
        <div class="field">
          <label class="visually-hidden" for="branding">
            {text.branding}
          </label>
          <p class="hint" id="branding-hint">
            {text.brandingHint}
          </p>
          <textarea
            id="branding"
            name="branding"
            class="code"
            rows={12}
            dir="ltr"
            spellcheck={false}
            autocomplete="off"
            aria-describedby="branding-hint"
          >
            {typed}
          </textarea>
        </div>
        <p class="buttons">
          <button type="submit" class="button">
            {text.show}
          </button>
        </p>
      </Form>
    </section>
  );
}
