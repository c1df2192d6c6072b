import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../message-types.ts';

export const signIn: Translation<typeof english> = {
  layout: {
    product: 'Doorward',
    skip: 'Ir al contenido',
    navigation: 'Navegación principal',
    home: 'Inicio',
    account: 'Cuenta',
    integrate: 'Conectar una aplicación',
    apiReference: 'API',
    footer: 'Identidad y acceso con Doorward',
    languages: 'Idioma',
    links: { terms: 'Condiciones de uso', privacy: 'Privacidad', help: 'Ayuda' },
  },
  common: {
    errorTitle: 'Error: {title}',
    reference: 'Referencia para su administrador:',
    toStart: 'A la página de inicio',
    toAccount: 'A mi cuenta',
    backTo: 'Volver a {client}',
    signIn: 'Iniciar sesión',
    signedInAs: 'Sesión iniciada como',
    notYou: '¿No es usted? Entrar con otra cuenta',
    cancel: 'Cancelar',
    cancelTo: 'Cancelar y volver a {client}',
    goOn: 'Continuar',
    policyOf: 'Política de privacidad de {client}',
    termsOf: 'Condiciones de uso de {client}',
    browserOn: '{browser} en {system}',
    waitSeconds: '{count, plural, one {un segundo} other {# segundos}}',
    waitMinutes: '{count, plural, one {un minuto} other {# minutos}}',
  },
  login: {
    title: 'Iniciar sesión',
    continueTo: 'para continuar en {client}',
    continueToHost: 'para continuar en {client} ({host})',
    reauthenticate: 'Confirme que es usted',
    reauthenticateWhy: 'Por su seguridad, {client} le pide que inicie sesión de nuevo.',
    reauthenticateHere: 'Por su seguridad, inicie sesión de nuevo.',
    userName: 'Nombre de usuario o correo electrónico',
    password: 'Contraseña',
    submit: 'Iniciar sesión',
    forgot: '¿Ha olvidado su contraseña?',
    signUp: 'Crear una cuenta',
    problem: {
      wrong_credentials: {
        title: 'No ha funcionado',
        body: 'El nombre de usuario o la contraseña no son correctos. Compruebe ambos e inténtelo de nuevo.',
      },
      user_name_missing: {
        title: 'Falta su nombre de usuario',
        body: 'Escriba su nombre de usuario o su dirección de correo.',
      },
      wrong_passkey: {
        title: 'Esa llave de acceso no ha funcionado',
        body: 'Puede que se haya eliminado de esta cuenta. Pruebe con otra o inicie sesión con su contraseña.',
      },
      password_missing: { title: 'Falta su contraseña', body: 'Escriba su contraseña.' },
      form_expired: {
        title: 'Esta página ha estado abierta demasiado tiempo',
        body: 'No se ha enviado nada a nadie. Inicie sesión de nuevo.',
      },
      different_person: {
        title: 'Esa es otra persona',
        body: 'Inicie sesión con la cuenta que se muestra aquí, o elija «¿No es usted?» para cambiar.',
      },
    },
    wait: {
      busy: {
        title: 'Hay mucha actividad en este momento',
        body: 'Muchas personas están iniciando sesión. Espere {wait} e inténtelo de nuevo.',
      },
      throttled: {
        title: 'Demasiados intentos',
        body: 'Para proteger esta cuenta, espere {wait} e inténtelo de nuevo. Su cuenta no está bloqueada.',
      },
    },
    work: {
      busy: 'Su navegador hace un cálculo breve para que usted no tenga que esperar.',
      done: 'Listo: no hace falta esperar. Introduzca de nuevo su contraseña.',
    },
    notice: {
      password_changed: 'Su contraseña se ha cambiado. Inicie sesión con la nueva.',
      signed_out: 'Ha cerrado la sesión. Iníciela de nuevo, o con otra cuenta.',
      passkey_needed: 'Aquí no basta una contraseña: use una de sus llaves de acceso.',
    },
  },
  code: {
    totp: {
      title: 'Escriba su código',
      lead: 'Abra su aplicación de autenticación y escriba los seis dígitos que muestra para esta cuenta.',
      label: 'Código',
      otherWay: 'Usar un código de recuperación',
    },
    recovery_code: {
      title: 'Escriba un código de recuperación',
      lead: 'Escriba uno de los códigos de recuperación que guardó. Solo sirve una vez.',
      label: 'Código de recuperación',
      otherWay: 'Usar la aplicación de autenticación',
    },
    problem: {
      wrong_code: {
        title: 'Ese código no ha funcionado',
        body: 'Cada código vale una vez y por poco tiempo. Escriba el más reciente. ¿Está en hora su dispositivo?',
      },
      code_missing: { title: 'Falta el código', body: 'Escriba el código.' },
      form_expired: {
        title: 'Esta página ha estado abierta demasiado tiempo',
        body: 'Escriba el código de nuevo.',
      },
    },
    throttled: {
      title: 'Demasiados intentos',
      body: 'Para proteger esta cuenta, espere {wait} e inténtelo de nuevo. Su cuenta no está bloqueada.',
    },
    trust: 'No volver a preguntar en este navegador durante {days, plural, one {# día} other {# días}}',
    trustHint: 'Solo en un navegador que no use nadie más.',
  },
  consent: {
    title: '¿Permitir {client}?',
    heading: '¿Permitir que {client} use su cuenta?',
    destination: 'Después continuará en {host}.',
    willKnow: '{client} podrá',
    inResource: 'En {resource} podrá',
    claims: 'También pide estos datos sobre usted',
    approve: 'Permitir',
    deny: 'No permitir',
    fine: 'Su contraseña no se comparte nunca. Su administrador puede retirar este acceso en cualquier momento.',
    formExpired: 'Esta página ha estado abierta demasiado tiempo. No se ha permitido nada; decida de nuevo.',
    isNew: 'nuevo',
    unknownScope: 'Usar «{scope}»',
    scopes: {
      openid: { name: 'Saber que es usted', detail: 'Un identificador de su cuenta, nada más sobre usted.' },
      profile: {
        name: 'Ver su perfil',
        detail: 'Su nombre, imagen, idioma y zona horaria, si constan.',
      },
      email: { name: 'Ver su dirección de correo', detail: 'Y si se ha verificado.' },
      address: { name: 'Ver su dirección postal', detail: '' },
      phone: { name: 'Ver su número de teléfono', detail: 'Y si se ha verificado.' },
      offline_access: {
        name: 'Seguir conectada cuando usted no esté',
        detail: 'Hasta que usted o su administrador le pongan fin.',
      },
      roles: { name: 'Ver sus roles', detail: 'Los nombres de los roles que tiene aquí.' },
      groups: { name: 'Ver sus grupos', detail: 'Los nombres de los grupos a los que pertenece.' },
      permissions: {
        name: 'Ver qué puede hacer en ella',
        detail: 'Solo los permisos destinados a esta aplicación.',
      },
    },
  },
  error: {
    code: 'Código de error:',
    next: 'Qué puede hacer',
    other: {
      title: 'Algo ha salido mal',
      happened: 'No se ha podido completar la solicitud. No se ha cambiado nada.',
      next: 'Vuelva a la aplicación e inténtelo de nuevo. Si vuelve a ocurrir, dé a su administrador la referencia de abajo.',
    },
    byCode: {
      invalid_client: {
        title: 'Esta aplicación no se conoce aquí',
        happened: 'La aplicación desde la que viene no está registrada o está desactivada.',
        next: 'Dé la referencia de abajo a su administrador o al responsable de la aplicación.',
      },
      invalid_redirect_uri: {
        title: 'Esta aplicación no está bien configurada',
        happened: 'La dirección a la que se le habría devuelto no está registrada para la aplicación.',
        next: 'No inicie sesión aquí. Dé la referencia de abajo a su administrador; muestra qué dirección se envió.',
      },
      invalid_request: {
        title: 'Esta solicitud no es válida',
        happened: 'La aplicación ha enviado algo que este servidor no puede aceptar.',
        next: 'Vuelva a la aplicación y empiece de nuevo. Si vuelve a ocurrir, dé la referencia a su administrador.',
      },
      access_denied: {
        title: 'No tiene acceso',
        happened: 'Su cuenta no tiene permiso para hacer esto.',
        next: 'Si necesita acceso, diríjase a su administrador con la referencia de abajo.',
      },
      not_found: {
        title: 'Esta página no existe',
        happened: 'Puede que la dirección esté mal escrita o que la página se haya movido.',
        next: 'Compruebe la dirección, o empiece en la página de inicio.',
      },
      method_not_allowed: {
        title: 'Esta página no se usa así',
        happened: 'La dirección existe, pero no para este tipo de solicitud.',
        next: 'Vuelva atrás y use los enlaces y botones de la página anterior.',
      },
      form_expired: {
        title: 'Esta página ha estado abierta demasiado tiempo',
        happened: 'No se ha cambiado nada.',
        next: 'Vuelva atrás, recargue la página y repita lo que hizo.',
      },
      conflict: {
        title: 'Esto ha cambiado entretanto',
        happened: 'Otra persona ha cambiado lo mismo a la vez. Su cambio no se ha hecho.',
        next: 'Recargue la página y repita su cambio.',
      },
      payload_too_large: {
        title: 'Era demasiado de una vez',
        happened: 'La solicitud supera lo que este servidor acepta. No se ha cambiado nada.',
        next: 'Vuelva atrás y envíe menos.',
      },
      temporarily_unavailable: {
        title: 'No disponible en este momento',
        happened: 'Este servidor se está iniciando, deteniendo o reparando.',
        next: 'Espere un minuto e inténtelo de nuevo.',
      },
      server_error: {
        title: 'Algo ha salido mal por nuestra parte',
        happened: 'El servidor no ha podido completar la solicitud.',
        next: 'Inténtelo de nuevo en un minuto. Si vuelve a ocurrir, dé a su administrador la referencia de abajo.',
      },
    },
  },
  wait: {
    title: 'Espere un momento',
    happened: 'Ha habido demasiadas solicitudes en poco tiempo, así que esta no se ha realizado.',
    next: 'Espere {wait}, vuelva atrás e inténtelo de nuevo. Su cuenta no está bloqueada.',
  },
  interactionExpired: {
    title: 'Este inicio de sesión ha terminado',
    happened: {
      expired:
        'Estuvo abierto demasiado tiempo y se cerró para proteger su cuenta. No ha iniciado sesión por este medio.',
      completed: 'Ya se completó, quizá en otra pestaña o al volver atrás. Aquí no queda nada por hacer.',
    },
    next: 'Vuelva a la aplicación y empiece de nuevo.',
    back: 'Empezar de nuevo en {client}',
  },
  formPost: {
    title: 'Volver a la aplicación',
    goesTo: 'Va a continuar en {client}.',
    stuck: 'Si no ocurre nada, pulse el botón.',
    refusedTitle: 'Esta dirección no es segura',
    refused: 'La aplicación pide la respuesta en una dirección a la que este servidor no envía nada.',
  },
  confirmLogout: {
    title: '¿Cerrar sesión?',
    asks: '{client} pide que cierre la sesión.',
    effect: 'Se cerrará su sesión en {product} y en las aplicaciones que usa con él en este navegador.',
    logout: 'Cerrar sesión',
    stay: 'Mantener la sesión',
  },
  signedOut: {
    title: { signed_out: 'Ha cerrado la sesión', stayed: 'Su sesión sigue abierta' },
    body: {
      signed_out: 'Su sesión ha terminado. En un equipo compartido, cierre también el navegador.',
      stayed: 'No se ha cambiado nada.',
    },
  },
};
