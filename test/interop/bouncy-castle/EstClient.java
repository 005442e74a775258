import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.est.CSRRequestResponse;
import org.bouncycastle.est.ESTAuth;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.jcajce.ChannelBindingProvider;
import org.bouncycastle.est.jcajce.JcaHttpAuthBuilder;
import org.bouncycastle.est.jcajce.JcaJceUtils;
import org.bouncycastle.est.jcajce.JsseDefaultHostnameAuthorizer;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.Store;

/**
 * One EST operation by Bouncy Castle's client.
 *
 * Arguments: ROOT.pem HOST:PORT OPERATION and what the operation takes. The account stands in
 * EST_USERNAME and EST_PASSWORD. Certificates and object identifiers are printed one a line, the
 * former as base64 of their DER. Every run opens TLS with Bouncy Castle's own implementation.
 */
public final class EstClient {
    private static final char[] KEYSTORE_PASSWORD = "kept for this test alone".toCharArray();
    private static final String ALIAS = "device";
    private static final String TLS_UNIQUE = "tls-unique";

    private final X509Certificate root;
    private final String server;

    private EstClient(X509Certificate root, String server) {
        this.root = root;
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        Security.addProvider(new BouncyCastleJsseProvider());
        EstClient client = new EstClient(read(arguments[0]), arguments[1]);
        switch (arguments[2]) {
            case "cacerts":
                print(client.connect(null).getCACerts().getCertificateStore());
                break;
            case "csrattrs":
                client.attributes();
                break;
            case "enroll":
                client.enroll(arguments[3], arguments[4], new File(arguments[5]), false);
                break;
            case "enroll-pop":
                client.enroll(arguments[3], arguments[4], new File(arguments[5]), true);
                break;
            case "reenroll":
                client.renew(new File(arguments[3]), false);
                break;
            case "reenroll-pop":
                client.renew(new File(arguments[3]), true);
                break;
            case "serverkeygen":
                client.generate(arguments[3], arguments[4]);
                break;
            default:
                throw new IllegalArgumentException(arguments[2]);
        }
    }

    private void attributes() throws Exception {
        CSRRequestResponse response = connect(null).getCSRAttributes();
        if (response.hasAttributesResponse()) {
            for (ASN1ObjectIdentifier wish : response.getAttributesResponse().getRequirements()) {
                System.out.println(wish.getId());
            }
        }
    }

    private void enroll(String keyType, String subject, File out, boolean bound) throws Exception {
        KeyPair pair = newKeyPair(keyType);
        PKCS10CertificationRequestBuilder request =
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic());
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        GeneralName name = new GeneralName(GeneralName.dNSName, "castle.example");
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
        request.addAttribute(
                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        EnrollmentResponse response =
                send(connect(null), false, request, signer(pair.getPrivate()), account(), bound);
        keep(out, pair.getPrivate(), print(response.getStore()));
    }

    /** Renews the kept certificate with the same key, which also signs the TLS handshake. */
    private void renew(File kept, boolean bound) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(kept)) {
            store.load(in, KEYSTORE_PASSWORD);
        }
        PrivateKey key = (PrivateKey) store.getKey(ALIAS, KEYSTORE_PASSWORD);
        X509Certificate current = (X509Certificate) store.getCertificate(ALIAS);
        JcaX509CertificateHolder holder = new JcaX509CertificateHolder(current);
        PKCS10CertificationRequestBuilder request =
                new PKCS10CertificationRequestBuilder(
                        holder.getSubject(), holder.getSubjectPublicKeyInfo());
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(holder.getExtension(Extension.subjectAlternativeName));
        request.addAttribute(
                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        print(send(connect(store), true, request, signer(key), null, bound).getStore());
    }

    /** Prints the certificate, then the private key as base64 of its PKCS#8. */
    private void generate(String keyType, String subject) throws Exception {
        KeyPair pair = newKeyPair(keyType);
        PKCS10CertificationRequestBuilder request =
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic());
        EnrollmentResponse response =
                connect(null)
                        .simpleEnrollWithServersideCreation(
                                request.build(signer(pair.getPrivate())), account());
        print(response.getStore());
        System.out.println(base64(response.getPrivateKeyInfo().getEncoded()));
    }

    private static EnrollmentResponse send(
            ESTService service,
            boolean again,
            PKCS10CertificationRequestBuilder request,
            ContentSigner signer,
            ESTAuth account,
            boolean bound)
            throws Exception {
        EnrollmentResponse response =
                bound
                        ? service.simpleEnrollPoP(again, request, signer, account)
                        : service.simpleEnroll(again, request.build(signer), account);
        if (!response.isCompleted()) {
            throw new IOException("the server asks to wait");
        }
        return response;
    }

    /** TLS 1.2, which has the tls-unique binding; `identity` is shown to the server unless null. */
    private ESTService connect(KeyStore identity) throws Exception {
        JsseESTServiceBuilder builder =
                new JsseESTServiceBuilder(
                        server,
                        JcaJceUtils.getCertPathTrustManager(
                                Collections.singleton(new TrustAnchor(root, null)), null));
        if (identity != null) {
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance("PKIX", BouncyCastleJsseProvider.PROVIDER_NAME);
            managers.init(identity, KEYSTORE_PASSWORD);
            builder.withKeyManagers(managers.getKeyManagers());
        }
        return builder.withProvider(BouncyCastleJsseProvider.PROVIDER_NAME)
                .withTLSVersion("TLSv1.2")
                .withTimeout(20_000)
                .withHostNameAuthorizer(new JsseDefaultHostnameAuthorizer(Collections.emptySet()))
                .withChannelBindingProvider(new Binding())
                .build();
    }

    private static final class Binding implements ChannelBindingProvider {
        @Override
        public boolean canAccessChannelBinding(Socket socket) {
            return socket instanceof BCSSLSocket;
        }

        @Override
        public byte[] getChannelBinding(Socket socket, String type) {
            return ((BCSSLSocket) socket).getConnection().getChannelBinding(TLS_UNIQUE);
        }
    }

    private static ESTAuth account() throws Exception {
        String name = System.getenv("EST_USERNAME");
        char[] password = System.getenv("EST_PASSWORD").toCharArray();
        JcaHttpAuthBuilder builder = new JcaHttpAuthBuilder(null, name, password);
        return builder.setProvider(BouncyCastleProvider.PROVIDER_NAME).build();
    }

    private static KeyPair newKeyPair(String keyType) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType);
        generator.initialize(keyType.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private static ContentSigner signer(PrivateKey key) throws Exception {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaContentSignerBuilder(algorithm).build(key);
    }

    private static void keep(File file, PrivateKey key, X509Certificate certificate)
            throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, key, KEYSTORE_PASSWORD, new X509Certificate[] {certificate});
        try (OutputStream out = new FileOutputStream(file)) {
            store.store(out, KEYSTORE_PASSWORD);
        }
    }

    private static X509Certificate print(Store<X509CertificateHolder> certificates)
            throws Exception {
        List<X509Certificate> found = new ArrayList<>();
        for (X509CertificateHolder holder : ESTService.storeToArray(certificates)) {
            found.add(new JcaX509CertificateConverter().getCertificate(holder));
            System.out.println(base64(holder.getEncoded()));
        }
        return found.get(0);
    }

    private static X509Certificate read(String path) throws Exception {
        try (InputStream in = new FileInputStream(path)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static String base64(byte[] der) {
        return Base64.getEncoder().encodeToString(der);
    }
}
