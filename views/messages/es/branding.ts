import type { branding as english } from '../en/branding.ts';
import type { Translation } from '../message-types.ts';

export const branding: Translation<typeof english> = {
  brandingPreview: {
    title: 'Vista previa de una imagen de marca',
    lead: 'Inicio de sesión, consentimiento, cuenta y un correo, en claro y en oscuro, en pantalla grande y en teléfono. Aquí no se guarda nada y en las imágenes no se puede pulsar nada.',
    whose: 'Imagen de marca de',
    whoseHint: 'Deje ambos campos vacíos para toda la instalación.',
    organization: 'ID de la organización',
    application: 'ID del cliente',
    load: 'Mostrar lo guardado',
    branding: 'Imagen de marca (JSON)',
    brandingHint:
      'Tal como la acepta la API de administración. Lo que falta viene del nivel superior. Los logotipos son URL data:.',
    show: 'Mostrar sin guardar',
    problem: {
      form_expired: 'Este formulario ha caducado. Revíselo y envíelo de nuevo.',
      not_json: 'Esto no es JSON.',
      no_owner: 'No existe esa organización o aplicación.',
      invalid: 'Esto se rechazaría:',
    },
    pages: { signIn: 'Inicio de sesión', consent: 'Consentimiento', account: 'Cuenta', mail: 'Correo' },
    views: {
      wideLight: 'Claro, pantalla grande',
      phoneLight: 'Claro, teléfono',
      wideDark: 'Oscuro, pantalla grande',
      phoneDark: 'Oscuro, teléfono',
    },
    frame: '{page}: {view}',
    samplePerson: 'Alice Archer',
    sampleApplication: 'Aplicación de ejemplo',
  },
};
