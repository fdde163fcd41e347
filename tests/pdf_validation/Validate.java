import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Holds PDF files against PDF/A-3a and PDF/UA-1 with veraPDF, all in one start of Java. Their paths are the lines of its input.
 *
 * <p>Prints, separated by tabs, one line for each file and flavour ("verdict", file, flavour, "kept" or "broken", number of checks) and
 * one for each rule that failed ("failed", file, flavour, clause, test number, how often, message, where it failed first);
 * then "done", file.
 */
public final class Validate {
    private static final PDFAFlavour[] FLAVOURS = {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1};

    public static void main(String[] none) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        VeraGreenfieldFoundryProvider.initialise();
        for (String file = asked.readLine(); file != null; file = asked.readLine()) {
            for (PDFAFlavour flavour : FLAVOURS) {
                try (InputStream bytes = new FileInputStream(file);
                        PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 1, false, true, false)) {
                    report(out, file, flavour.getId(), validator.validate(parser));
                }
            }
            line(out, "done", file);
        }
    }

    private static void report(PrintStream out, String file, String flavour, ValidationResult result) {
        String verdict = result.isCompliant() ? "kept" : "broken";
        line(out, "verdict", file, flavour, verdict, String.valueOf(result.getTotalAssertions()));
        Map<RuleId, TestAssertion> first = new HashMap<>();
        result.getTestAssertions().forEach(each -> first.putIfAbsent(each.getRuleId(), each));
        result.getFailedChecks().forEach((rule, times) -> {
            TestAssertion one = first.get(rule);
            String message = one == null ? "" : one.getErrorMessage() == null ? one.getMessage() : one.getErrorMessage();
            String where = one == null ? "" : one.getLocation().getContext();
            line(out, "failed", file, flavour, rule.getClause(), String.valueOf(rule.getTestNumber()), times.toString(), message, where);
        });
    }

    private static void line(PrintStream out, String... cells) {
        StringBuilder joined = new StringBuilder();
        for (String cell : cells) {
            joined.append(joined.length() == 0 ? "" : "\t").append(cell == null ? "" : cell.replaceAll("\\s+", " "));
        }
        out.println(joined);
    }
}
