import type { emailSignIn as english } from '../en/email-sign-in.ts';
import type { Translation } from '../message-types.ts';

export const emailSignIn: Translation<typeof english> = {
  emailSignIn: {
    link: 'Iniciar sesión con un código por correo',
    title: 'Iniciar sesión con un código por correo',
    lead: 'Se envía un código a su dirección de correo. No hace falta nada más.',
    submit: 'Enviar el código',
    back: 'Iniciar sesión de otra forma',
    throttled: 'Se envió un código hace poco. Mire su correo o espere {wait}.',
    problem: {
      form_expired: 'Esta página llevaba demasiado tiempo abierta. Inténtelo de nuevo.',
      user_name_missing: 'Introduzca su nombre de usuario o su dirección de correo.',
      ended: 'Ese código ya no es válido. Pida otro.',
    },
  },
  emailCode: {
    title: 'Mire su correo',
    lead: 'Si existe una cuenta con una dirección confirmada, un código de ocho cifras está en camino. Introdúzcalo aquí.',
    leadLink:
      'Si existe una cuenta con una dirección confirmada, un correo está en camino. Introduzca aquí su código o abra su enlace en este navegador.',
    label: 'Código',
    none: '¿No ha llegado nada? Mire también entre el correo no deseado. Puede tardar unos minutos.',
    again: 'Enviar otro código',
    problem: {
      wrong_code: 'Ese no es el código del último correo. Compruébelo de nuevo.',
      form_expired: 'Esta página llevaba demasiado tiempo abierta. Introduzca el código de nuevo.',
    },
  },
  emailLink: {
    title: '¿Iniciar sesión ahora?',
    submit: 'Iniciar sesión',
    elsewhereTitle: 'Abra este enlace donde empezó',
    elsewhere:
      'Solo inicia la sesión en el navegador en el que lo pidió, una vez y durante diez minutos. Ábralo allí, introduzca allí el código del correo o pida otro.',
    surprise: '¿No lo ha pedido? Cierre esta página: no ocurre nada sin usted.',
  },
  emailSignInMail: {
    subject: 'Su código para iniciar sesión',
    preview: 'Sirve una vez, durante {lifetime}.',
    previewMore: 'Inicie sesión de otra forma.',
    asked: 'Alguien, esperamos que usted, quiere iniciar sesión en su cuenta {userName}.',
    more: 'Alguien, esperamos que usted, pidió un código para iniciar sesión en su cuenta {userName}. Usted usa una aplicación de autenticación, por lo que un buzón no basta: inicie sesión con su contraseña o una llave de acceso.',
    code: 'Código',
    button: 'Iniciar sesión',
    limits: 'El código sirve una vez, durante {lifetime}, y solo en el navegador que lo pidió.',
    limitsLink: 'El código y el enlace sirven una vez, durante {lifetime}, y solo en el navegador que los pidió.',
    surprise: '¿No lo ha pedido? No haga nada. No diga el código a nadie: nadie que le ayude se lo pedirá.',
  },
};
