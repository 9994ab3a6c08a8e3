package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An element of a client's document. Documents are UTF-8, parsed with DTDs and entities off and are bounded in depth and elements (their
 * size is bounded before they are read); what isn't well formed, isn't in S3's namespace or none, or isn't what a document's
 * schema says is MalformedXML. Immutable.
 */
final class XmlElement {
    /** No document of S3's is deeper than ten elements. */
    private static final int MAX_DEPTH = 16;

    /** The longest document names 10,000 parts with a number, an ETag and checksums. */
    private static final int MAX_ELEMENTS = 100_000;

    /** Namespaces that mean S3: the current one, its predecessors' spellings, and none. */
    private static final Set<String> NAMESPACES = Set.of(
            "",
            XmlWriter.NAMESPACE,
            "http://s3.amazonaws.com/doc/2006-03-01",
            "https://s3.amazonaws.com/doc/2006-03-01/",
            "http://doc.s3.amazonaws.com/2006-03-01",
            "http://doc.s3.amazonaws.com/2006-03-01/");

    private static final String INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String name;
    private final List<XmlElement> children;
    private final String text;
    private final String type;

    private XmlElement(String name, String type, List<XmlElement> children, String text) {
        this.name = name;
        this.type = type;
        this.children = List.copyOf(children);
        this.text = text;
    }

    /** The root element of a whole document, which must have this name. */
    static XmlElement parse(ByteBuffer document, String rootName) throws S3Exception {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(document.duplicate())
                    .toString();
            StringReader source = new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            XmlElement root = new Parser(newFactory().createXMLStreamReader(source)).document();
            if (!root.name.equals(rootName)) {
                throw malformed();
            }
            return root;
        } catch (CharacterCodingException | XMLStreamException e) {
            throw malformed();
        }
    }

    /** Not shared: the JDK doesn't promise that a factory is thread-safe, and a new one costs little. */
    private static XMLInputFactory newFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        return factory;
    }

    static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** Refuses children of other names. */
    XmlElement only(Set<String> names) throws S3Exception {
        for (XmlElement child : children) {
            if (!names.contains(child.name)) {
                throw malformed();
            }
        }
        return this;
    }

    /** The only child of that name, or null. */
    @Nullable
    XmlElement child(String childName) throws S3Exception {
        XmlElement found = null;
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                if (found != null) {
                    throw malformed();
                }
                found = child;
            }
        }
        return found;
    }

    List<XmlElement> children() {
        return children;
    }

    boolean isNamed(String... names) {
        return List.of(names).contains(name);
    }

    List<XmlElement> children(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).toList();
    }

    boolean has(String childName) throws S3Exception {
        return child(childName) != null;
    }

    /** The text of a child, or null when there is none. */
    @Nullable
    String textOf(String childName) throws S3Exception {
        XmlElement child = child(childName);
        return child == null ? null : child.text();
    }

    String requiredTextOf(String childName) throws S3Exception {
        String found = textOf(childName);
        if (found == null) {
            throw malformed();
        }
        return found;
    }

    boolean booleanOf(String childName, boolean absent) throws S3Exception {
        String found = textOf(childName);
        return switch (found == null ? "" : found.strip()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            case "" -> {
                if (found != null) {
                    throw malformed();
                }
                yield absent;
            }
            default -> throw malformed();
        };
    }

    /** The text, as it is; an element with children has none. */
    String text() throws S3Exception {
        if (!children.isEmpty()) {
            throw malformed();
        }
        return text;
    }

    /** The {@code xsi:type}, by which elements of one name are told apart; empty when there is none. */
    String type() {
        return type;
    }

    /** Turns events into elements. */
    private static final class Parser {
        private final XMLStreamReader reader;
        private int elements;

        Parser(XMLStreamReader reader) {
            this.reader = reader;
        }

        XmlElement document() throws XMLStreamException, S3Exception {
            XmlElement root = null;
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> root = element(1);
                    case XMLStreamConstants.END_DOCUMENT,
                            XMLStreamConstants.COMMENT,
                            XMLStreamConstants.PROCESSING_INSTRUCTION,
                            XMLStreamConstants.SPACE,
                            XMLStreamConstants.CHARACTERS -> {}
                    default -> throw malformed();
                }
            }
            if (root == null) {
                throw malformed();
            }
            return root;
        }

        private XmlElement element(int depth) throws XMLStreamException, S3Exception {
            elements++;
            String namespace = reader.getNamespaceURI();
            if (depth > MAX_DEPTH
                    || elements > MAX_ELEMENTS
                    || !NAMESPACES.contains(namespace == null ? "" : namespace)) {
                throw malformed();
            }
            String name = reader.getLocalName();
            String type = reader.getAttributeCount() == 0 ? null : reader.getAttributeValue(INSTANCE_NAMESPACE, "type");
            List<XmlElement> children = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            while (true) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
                    case XMLStreamConstants.END_ELEMENT -> {
                        return finish(name, type == null ? "" : type, children, text);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                    case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
                    default -> throw malformed();
                }
            }
        }

        private static XmlElement finish(String name, String type, List<XmlElement> children, StringBuilder text)
                throws S3Exception {
            if (!children.isEmpty() && !text.toString().isBlank()) {
                throw malformed();
            }
            return new XmlElement(name, type, children, text.toString());
        }
    }
}
