import type { branding as english } from '../en/branding.ts';
import type { Translation } from '../message-types.ts';

export const branding: Translation<typeof english> = {
  brandingPreview: {
    title: 'So sieht ein Branding aus',
    lead: 'Anmeldung, Zustimmung, Konto und eine E-Mail, hell und dunkel, auf großem Bildschirm und Telefon. Hier wird nichts gespeichert, und in den Bildern lässt sich nichts anklicken.',
    whose: 'Wessen Branding',
    whoseHint: 'Lassen Sie beides leer, wenn die ganze Installation gemeint ist.',
    organization: 'ID der Organisation',
    application: 'Client-ID',
    load: 'Gespeichertes anzeigen',
    branding: 'Branding (JSON)',
    brandingHint: 'So, wie die Admin-API es annimmt. Was fehlt, kommt von der Ebene darüber. Logos sind data:-URLs.',
    show: 'Anzeigen, ohne zu speichern',
    problem: {
      form_expired: 'Dieses Formular ist abgelaufen. Bitte prüfen Sie es und senden Sie es noch einmal.',
      not_json: 'Das ist kein JSON.',
      no_owner: 'Diese Organisation oder Anwendung gibt es nicht.',
      invalid: 'Das würde abgelehnt:',
    },
    pages: { signIn: 'Anmeldung', consent: 'Zustimmung', account: 'Konto', mail: 'E-Mail' },
    views: {
      wideLight: 'Hell, großer Bildschirm',
      phoneLight: 'Hell, Telefon',
      wideDark: 'Dunkel, großer Bildschirm',
      phoneDark: 'Dunkel, Telefon',
    },
    frame: '{page}: {view}',
    samplePerson: 'Alice Archer',
    sampleApplication: 'Beispiel-App',
  },
};
