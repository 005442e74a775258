import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TlsServer PORT KEYSTORE(PKCS#12) ROOT(PEM) VERSION need|want: tells every client what Java's TLS saw of it. */
public class TlsServer {
    private static final char[] PASSWORD = "changeit".toCharArray();

    public static void main(String[] args) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(args[1]).getKeyManagers(), trust(args[2]).getTrustManagers(), null);
        SSLServerSocket server =
            (SSLServerSocket) context.getServerSocketFactory().createServerSocket(Integer.parseInt(args[0]));
        server.setEnabledProtocols(new String[] {args[3]});
        server.setNeedClientAuth(args[4].equals("need"));
        if (args[4].equals("want")) server.setWantClientAuth(true);
        while (true) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                answer(socket);
            } catch (Exception error) {
                System.err.println(error);
            }
        }
    }

    private static void answer(SSLSocket socket) throws Exception {
        socket.startHandshake();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
        String page = "HTTP/1.0 200 OK\r\n\r\n" + socket.getSession().getProtocol() + "|" + peer(socket);
        socket.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }

    private static String peer(SSLSocket socket) {
        try {
            return socket.getSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException unknown) {
            return "NONE";
        }
    }

    private static KeyManagerFactory keys(String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, PASSWORD);
        return factory;
    }

    private static TrustManagerFactory trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(file)) {
            X509Certificate root =
                (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            store.setCertificateEntry("root", root);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }
}
