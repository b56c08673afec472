import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/**
 * Reads lines of {"pattern", "event", "match"}, both texts, and prints those on which event-ruler says otherwise. Where it
 * does, more freshly built machines are asked, for on some patterns they part; if one of them agrees, the pair is counted as
 * unsure and left out. The last line counts.
 */
public class RulerPairs {
    private static final int MACHINES_WHEN_DIFFERENT = 40;

    private static String ask(String pattern, String event) {
        try {
            Machine machine = new Machine();
            machine.addRule("r", pattern);
            return Boolean.toString(!machine.rulesForJSONEvent(event).isEmpty());
        } catch (Exception refused) {
            return "refused";
        }
    }

    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long pairs = 0;
        long matches = 0;
        long unsure = 0;
        long different = 0;
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            JsonNode pair = mapper.readTree(line);
            String pattern = pair.get("pattern").textValue();
            String event = pair.get("event").textValue();
            String ours = pair.get("match").asText();
            pairs++;
            String engine = ask(pattern, event);
            boolean isDifferent = !engine.equals(ours);
            for (int i = 0; isDifferent && i < MACHINES_WHEN_DIFFERENT; i++) {
                if (ask(pattern, event).equals(ours)) {
                    unsure++;
                    isDifferent = false;
                }
            }
            if (isDifferent) {
                different++;
                System.out.println("engine " + engine + ", ours " + ours + ": " + pattern + " " + event);
            }
            matches += engine.equals("true") ? 1 : 0;
        }
        System.out.println(pairs + " pairs, " + matches + " match, " + unsure + " unsure, " + different + " different");
        System.exit(different == 0 ? 0 : 1);
    }
}
