import type { gettingIn as english } from '../en/getting-in.ts';
import type { Translation } from '../message-types.ts';

export const gettingIn: Translation<typeof english> = {
  passwordFields: {
    current: 'Contraseña actual',
    next: 'Contraseña nueva',
    again: 'Contraseña nueva, otra vez',
    hint: 'Al menos {length} caracteres. Van bien unas cuantas palabras que solo usted juntaría.',
    title: 'La contraseña no se ha cambiado',
    tooShort: 'La contraseña nueva es demasiado corta: use al menos {length} caracteres.',
    problem: {
      current_missing: 'Escriba su contraseña actual.',
      current_wrong: 'La contraseña actual no es correcta.',
      new_missing: 'Escriba una contraseña nueva.',
      'credentials.password_not_text': 'La contraseña nueva contiene caracteres que no se pueden guardar.',
      'credentials.password_too_long': 'La contraseña nueva es demasiado larga.',
      'credentials.password_too_common': 'Esta contraseña es una de las primeras que probaría un atacante. Elija otra.',
      'credentials.password_breached':
        'Esta contraseña se conoce por una filtración de otro servicio, y los atacantes la prueban. Elija otra.',
      'credentials.password_is_user_name': 'La contraseña nueva no debe ser su nombre de usuario.',
      'credentials.password_is_email': 'La contraseña nueva no debe ser su dirección de correo.',
      'credentials.password_holds_name':
        'La contraseña nueva no debe contener partes de su nombre de usuario, de su dirección de correo ni del nombre de su organización.',
      same_as_current: 'La contraseña nueva es igual que la actual.',
      not_repeated: 'Las dos contraseñas nuevas no coinciden.',
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Escriba las contraseñas de nuevo.',
      throttled: 'Demasiados intentos. Espere un momento e inténtelo de nuevo.',
    },
  },
  forgotPassword: {
    title: '¿Ha olvidado su contraseña?',
    lead: 'Escriba su nombre de usuario o su dirección de correo. Si hay una cuenta, se enviará un enlace para elegir una contraseña nueva.',
    userName: 'Nombre de usuario o correo electrónico',
    submit: 'Enviar el enlace',
    back: 'Volver al inicio de sesión',
    problem: {
      user_name_missing: 'Escriba su nombre de usuario o su dirección de correo.',
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Envíela de nuevo.',
    },
    throttled: 'Se han pedido demasiados enlaces. Espere {wait} e inténtelo de nuevo.',
    sentTitle: 'Mire su correo',
    sent: 'Si hay una cuenta con dirección de correo para lo que ha escrito, el enlace va de camino. Funciona una vez, en cualquier navegador.',
    sentNext:
      '¿No ha llegado nada en unos minutos? Mire en la carpeta de correo no deseado o pida un enlace a su administrador.',
  },
  askAdministrator: {
    title: '¿Ha olvidado su contraseña?',
    lead: 'Pida a su administrador un enlace de un solo uso. Con él, usted mismo elige una contraseña nueva.',
    hint: 'El enlace funciona una vez, en cualquier navegador, y nadie más sabrá la contraseña que elija.',
  },
  linkExpired: {
    title: 'Este enlace ya no funciona',
    lead: 'Ha caducado, ya se ha usado o lo ha sustituido uno más reciente. No se ha cambiado nada.',
    next: 'Pida un enlace nuevo, o pídaselo a su administrador.',
    again: 'Pedir un enlace nuevo',
  },
  passwordSet: {
    title: 'Su contraseña está guardada',
    lead: 'A partir de ahora inicia sesión con ella. El enlace que le ha traído aquí ya no funciona.',
  },
  setPassword: {
    title: 'Elija una contraseña',
    lead: 'Para la cuenta de {person}.',
    effect: 'Se cerrará todo lo que esté abierto con la contraseña anterior.',
    save: 'Guardar la contraseña',
  },
  signUp: {
    title: 'Crear una cuenta',
    lead: 'Escriba su dirección de correo. El enlace que recibirá allí le llevará al paso siguiente.',
    domains: 'Se admiten direcciones de {domains}.',
    email: 'Dirección de correo',
    submit: 'Enviar el enlace',
    back: 'Ya tengo una cuenta',
    addressInvalid: 'Escriba una dirección de correo como nombre@example.com.',
    domainRefused: 'Solo pueden tener cuenta las direcciones de {domains}.',
    throttled: 'Se han pedido demasiados enlaces. Espere {wait} e inténtelo de nuevo.',
    sentTitle: 'Mire su correo',
    sent: 'Le hemos enviado un correo. El enlace que contiene funciona una vez, en cualquier navegador, durante un día.',
    sentNext:
      '¿No ha llegado nada en unos minutos? Mire en la carpeta de correo no deseado, o compruebe la dirección y pídalo de nuevo.',
    again: 'Pedirlo de nuevo',
  },
  completeSignUp: {
    title: 'Su nueva cuenta',
    lead: 'Para {address}. Iniciará sesión con esta dirección.',
    name: 'Su nombre',
    terms: 'Acepto las {terms}',
    termsLink: 'condiciones de uso',
    submit: 'Crear la cuenta',
    problem: {
      name_missing: 'Escriba su nombre.',
      terms_missing: 'Para crear la cuenta debe aceptar las condiciones de uso.',
    },
    doneTitle: 'Su cuenta está lista',
    done: 'Inicie sesión con su dirección de correo y la contraseña que acaba de elegir.',
    existsTitle: 'Ya hay una cuenta',
    exists:
      '{address} ya tiene una cuenta. Inicie sesión con ella, o elija una contraseña nueva si ha olvidado la suya.',
    forgot: 'Elegir una contraseña nueva',
  },
  enterCode: {
    title: 'Conectar un dispositivo',
    lead: 'Escriba el código que muestra el dispositivo o el programa.',
    warning: 'Escriba solo un código que vea en un dispositivo suyo. Nadie tiene que enviarle uno.',
    code: 'Código',
    hint: 'Da igual usar mayúsculas, minúsculas o guiones.',
    problem: {
      code_missing: 'Escriba el código que muestra el dispositivo.',
      code_unknown: 'Este código no se conoce. Compárelo con el del dispositivo.',
      code_expired: 'Este código ha caducado. Haga que el dispositivo muestre uno nuevo.',
      code_used: 'Este código ya se ha usado. Haga que el dispositivo muestre uno nuevo.',
      form_expired: 'Esta página ha estado abierta demasiado tiempo. Escriba el código de nuevo.',
    },
    throttled: 'Se han probado demasiados códigos. Espere {wait} e inténtelo de nuevo.',
  },
  confirmDevice: {
    title: '¿Conectar {client}?',
    lead: '¿Es este el código que muestra el dispositivo que tiene delante?',
    client: 'Aplicación',
    askedAt: 'Pedido a las',
    from: 'Desde la dirección',
    place: 'Lugar',
    device: 'Dispositivo',
    person: 'Su cuenta',
    warning:
      'Si alguien le ha enviado este código o un enlace a esta página, elija «Cancelar»: esa persona entraría con su cuenta.',
    approve: 'Sí, conectarlo',
  },
  deviceDone: {
    connected: {
      title: 'El dispositivo está conectado',
      body: '{client} continuará en su dispositivo en un momento. Puede cerrar esta página.',
    },
    denied: {
      title: 'El dispositivo no se ha conectado',
      body: '{client} no obtiene acceso. Puede cerrar esta página.',
    },
  },
};
