import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.openqa.selenium.By;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;

/** The browser that the OpenID Foundation's suite drives, on every page between a request and its answer. */
public class Pages {
    static final String issuer = System.getenv("ISSUER");
    static final String self = "http://127.0.0.1:" + System.getenv("PORT");
    static final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    static final String query = "response_type=code&scope=openid&state=a-state&client_id=" + System.getenv("CLIENT_ID")
        + "&redirect_uri=" + URLEncoder.encode(self + "/callback", StandardCharsets.UTF_8);
    static final String request = issuer + "/authorize?" + query;

    public static void main(String[] arguments) throws Exception {
        HttpServer server = listen();
        try {
            HtmlUnitDriver browser = signIn(request);
            expect("code in the query", "GET /callback?code=");

            browser.get(request + "&prompt=none");
            expect("prompt=none, signed in", "GET /callback?code=");

            browser.get(request + "&prompt=login");
            enterPassword(browser);
            expect("prompt=login, the name is filled in already", "GET /callback?code=");

            browser.get(request + "&response_mode=form_post&prompt=none");
            expect("form_post, by script", "POST /callback code=");

            new HtmlUnitDriver(true).get(request + "&response_mode=form_post&prompt=none");
            expect("form_post of an error", "POST /callback error=login_required");

            signIn(request + "&response_mode=form_post&login_hint=buffy@localhost");
            expect("form_post after a sign-in with another name filled in", "POST /callback code=");

            HtmlUnitDriver posting = new HtmlUnitDriver(true);
            WebRequest post = new WebRequest(URI.create(issuer + "/authorize").toURL(), HttpMethod.POST);
            post.setAdditionalHeader("Content-Type", "application/x-www-form-urlencoded");
            post.setRequestBody(query);
            posting.getWebClient().getPage(post);
            enterPassword(posting);
            approve(posting);
            expect("a request by POST", "GET /callback?code=");

            String back = URLEncoder.encode(self + "/callback", StandardCharsets.UTF_8);
            browser.get(issuer + "/logout?state=bye&client_id=" + System.getenv("CLIENT_ID") + "&post_logout_redirect_uri=" + back);
            browser.findElement(By.cssSelector("button[name=logout][value=yes]")).click();
            expect("logout", "GET /callback?state=bye");

            browser.get(request + "&prompt=none");
            expect("prompt=none after the logout", "GET /callback?error=login_required");
        } finally {
            server.stop(0);
        }
        System.out.println("login, consent, form_post, POST, logout");
        System.exit(0);
    }

    static HtmlUnitDriver signIn(String url) {
        HtmlUnitDriver browser = new HtmlUnitDriver(true);
        browser.get(url);
        enterPassword(browser);
        approve(browser);
        return browser;
    }

    static void enterPassword(HtmlUnitDriver browser) {
        fill(browser, "username", System.getenv("USER_NAME"));
        fill(browser, "password", System.getenv("PASSWORD"));
        browser.findElement(By.cssSelector("button[type=submit]")).click();
    }

    static void fill(HtmlUnitDriver browser, String name, String value) {
        browser.findElement(By.name(name)).clear();
        browser.findElement(By.name(name)).sendKeys(value);
    }

    /** Consent is remembered, so only the first sign-in asks. */
    static void approve(HtmlUnitDriver browser) {
        browser.findElements(By.cssSelector("button[name=decision][value=approve]")).forEach(button -> button.click());
    }

    static void expect(String what, String beginning) throws InterruptedException {
        String came = arrived.poll(10, TimeUnit.SECONDS);
        if (came == null || !came.startsWith(beginning)) {
            System.err.println(what + ": expected " + beginning + " but there was " + came);
            System.exit(1);
        }
    }

    static HttpServer listen() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", URI.create(self).getPort()), 0);
        server.createContext("/callback", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            arrived.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).trim());
            byte[] page = "<html><body>arrived</body></html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        return server;
    }
}
