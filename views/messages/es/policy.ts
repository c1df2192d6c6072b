import type { policy as english } from '../en/policy.ts';
import type { Translation } from '../message-types.ts';

export const policy: Translation<typeof english> = {
  policyHold: {
    denied: {
      title: 'Aquí no puede iniciar sesión',
      lead: '{client} no está disponible para usted en este momento.',
      leadHere: 'Las páginas de su cuenta no están disponibles para usted en este momento.',
      help: 'Su administrador sabe más y puede cambiarlo.',
    },
    factor: {
      title: 'Hace falta otra forma de iniciar sesión',
      two_factors: '{client} pide un segundo paso, y usted aún no tiene ninguno.',
      passkey: '{client} pide una llave de acceso, y usted aún no tiene ninguna.',
      setUp: 'Configurar en su cuenta',
      thenGoOn: 'Vuelva a esta página y continúe.',
      goOn: 'Continuar',
    },
  },
  agreement: {
    title: 'Antes de continuar',
    lead: '{client} pide esto primero.',
    leadHere: 'Primero se pide esto.',
    accept: 'Acepto: {document}',
    version: 'Versión {version}',
    problem: {
      terms_missing: 'Acepte lo indicado para continuar.',
      invalid: 'Falta algo o un valor no es posible.',
      form_expired: 'Esta página llevaba demasiado tiempo abierta. Responda de nuevo.',
      not_allowed: 'Esto no se puede guardar. Consulte a su administrador.',
    },
  },
};
