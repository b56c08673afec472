import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/**
 * Matches every line of EVENTS by the rules of each family in RULES, lines of family, tab, pattern. Warms up for WARM
 * seconds, then measures for SECONDS. Prints a JSON object for each family: nanoseconds an event, matches, and a digest
 * of which rules matched which event.
 */
public class RulerBench {
    public static void main(String[] arguments) throws Exception {
        List<String> events = Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8);
        Map<String, List<String>> families = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(arguments[1]), StandardCharsets.UTF_8)) {
            int tab = line.indexOf('\t');
            families.computeIfAbsent(line.substring(0, tab), name -> new ArrayList<>()).add(line.substring(tab + 1));
        }
        double warm = Double.parseDouble(arguments[2]);
        double seconds = Double.parseDouble(arguments[3]);
        for (Map.Entry<String, List<String>> family : families.entrySet()) {
            Machine machine = new Machine();
            for (int i = 0; i < family.getValue().size(); i++) {
                machine.addRule(Integer.toString(i), family.getValue().get(i));
            }
            long matches = 0;
            long digest = 0;
            for (String event : events) {
                long rules = 0;
                for (String name : machine.rulesForJSONEvent(event)) {
                    rules |= 1L << Integer.parseInt(name);
                    matches++;
                }
                digest = digest * 31 + rules;
            }
            ask(machine, events, warm);
            double nanoseconds = ask(machine, events, seconds);
            System.out.printf("{\"family\":\"%s\",\"ns\":%.1f,\"matches\":%d,\"digest\":\"%016x\"}%n", family.getKey(),
                    nanoseconds, matches, digest);
            System.out.flush();
        }
    }

    /** Nanoseconds an event, over as many events as fit into the time. */
    static double ask(Machine machine, List<String> events, double seconds) throws Exception {
        long start = System.nanoTime();
        long asked = 0;
        long found = 0;
        long elapsed;
        do {
            for (int i = 0; i < 5000; i++) {
                found += machine.rulesForJSONEvent(events.get((int) (asked++ % events.size()))).size();
            }
            elapsed = System.nanoTime() - start;
        } while (elapsed < seconds * 1e9);
        if (found < 0) {
            throw new IllegalStateException();
        }
        return (double) elapsed / asked;
    }
}
