import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/**
 * Reads lines of {"pattern", "event", "match"}, both texts, and prints those on which event-ruler says otherwise. A pair is
 * asked of several freshly built machines, for on some patterns they part; such a pair is counted and left out. The last
 * line counts.
 */
public class RulerPairs {
    private static final int MACHINES = 3;

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
            int found = 0;
            String engine;
            try {
                for (int i = 0; i < MACHINES; i++) {
                    Machine machine = new Machine();
                    machine.addRule("r", pattern);
                    found += machine.rulesForJSONEvent(event).isEmpty() ? 0 : 1;
                }
                engine = Boolean.toString(found > 0);
            } catch (Exception refused) {
                engine = "refused";
            }
            if (found > 0 && found < MACHINES) {
                unsure++;
            } else if (!engine.equals(ours)) {
                different++;
                System.out.println("engine " + engine + ", ours " + ours + ": " + pattern + " " + event);
            }
            matches += engine.equals("true") ? 1 : 0;
        }
        System.out.println(pairs + " pairs, " + matches + " match, " + unsure + " unsure, " + different + " different");
        System.exit(different == 0 ? 0 : 1);
    }
}
