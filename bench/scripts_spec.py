#!/usr/bin/env python3
"""What the scripts of bench must notice: a page that is not what the results give, and what a system does to the disk."""

import json
import pathlib
import shutil
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(BENCH), str(BENCH / "peers")]

import page
import parity
import plots


class PageSpec(unittest.TestCase):
    """Each on a copy of the results, from which a page was made that agrees."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(BENCH / "results", self.root / "results")
        (self.root / "docs" / "performance").mkdir(parents=True)
        page.RESULTS = self.root / "results"
        page.PAGE = self.root / "docs" / "performance.md"
        page.PLOTS = self.root / "docs" / "performance"
        page.HISTORY = self.root / "results" / "history.json"
        results, drawn = self.made()
        page.PAGE.write_text(page.page(results, drawn), encoding="utf-8")
        for plot in drawn:  # gnuplot need not be here
            (page.PLOTS / f"{plot.name}.svg").write_text("<svg/>\n" + plot.mark(), encoding="utf-8")

    def made(self):
        results = [page.read(file) for file in sorted(page.RESULTS.glob("*.json")) if file.stem in page.NAMES]
        results.sort(key=lambda result: page.NAMES.index(result["benchmark"]))
        return results, plots.plots_of(results, page.read(page.HISTORY))

    def agrees(self):
        sys.argv = ["page.py", "--check"]
        return page.main() == 0

    def change(self, name, edit):
        path = page.RESULTS / name
        result = page.read(path)
        edit(result)
        path.write_text(json.dumps(result), encoding="utf-8")

    def test_a_page_that_was_made_from_the_results_agrees(self):
        self.assertTrue(self.agrees())

    def test_a_changed_figure_is_noticed(self):
        self.change("append.json", lambda result: result["figures"][0].update(median=123456.0))
        self.assertFalse(self.agrees())

    def test_a_changed_verdict_is_noticed(self):
        def edit(result):
            next(figure for figure in result["figures"] if "goal" in figure).update(verdict="met by hand")
        self.change("checkout.json", edit)
        self.assertFalse(self.agrees())

    def test_a_plot_of_other_data_is_noticed(self):
        plot = next(page.PLOTS.glob("*.svg"))
        plot.write_text("<svg/>\n<!-- drawn from sha256:0 -->\n", encoding="utf-8")
        self.assertFalse(self.agrees())

    def test_a_profile_that_is_not_there_is_noticed(self):
        (page.RESULTS / "profiles" / page.read(page.RESULTS / "limits.json")[0]["profile"]).unlink()
        self.assertFalse(self.agrees())


class TraceSpec(unittest.TestCase):
    def counted(self, *lines):
        with tempfile.NamedTemporaryFile("w", suffix=".trace") as file:
            file.write("".join(line + "\n" for line in lines))
            file.flush()
            return parity.Trace(file.name, "/data/log").catch_up()

    def test_syncs_and_bytes_of_the_files_below_count(self):
        self.assertEqual(self.counted('7 pwrite64(5</data/log/a>, ""..., 4096, 0) = 4096', "7 fdatasync(5</data/log/a>) = 0",
                                      '7 write(6</data/log/b>, ""..., 10) = 10'), (1, 4106))

    def test_other_files_and_sockets_do_not_count(self):
        self.assertEqual(self.counted('7 write(1</data/other>, ""..., 9) = 9', '7 write(8<socket:[1]>, ""..., 9) = 9',
                                      "7 fsync(1</data/other>) = 0"), (0, 0))

    def test_a_write_that_syncs_by_itself_is_a_sync(self):
        self.assertEqual(self.counted('7 openat(4</data/log>, "a", O_RDWR|O_DSYNC|O_DIRECT) = 5</data/log/a>',
                                      '7 pwrite64(5</data/log/a>, ""..., 4096, 0) = 4096'), (1, 4096))

    def test_what_is_filled_ahead_does_not_count(self):
        self.assertEqual(self.counted('7 pwrite64(5</data/log/spare-1.tmp>, ""..., 4096, 0) = 4096'), (0, 0))

    def test_a_file_that_was_renamed_since_still_syncs_by_itself(self):
        self.assertEqual(self.counted('7 openat(4</data/log>, "spare", O_RDWR|O_DSYNC) = 5</data/log/spare>',
                                      '7 pwrite64(5</data/log/1.seg>, ""..., 4096, 0) = 4096',
                                      '7 openat(4</data/log>, "spare", O_RDWR) = 5</data/log/spare>',
                                      '7 pwrite64(5</data/log/spare>, ""..., 4096, 0) = 4096'), (1, 8192))

    def test_a_call_that_another_thread_interrupted_counts_once(self):
        self.assertEqual(self.counted('7 pwrite64(5</data/log/a>, ""..., 8192, 0 <unfinished ...>',
                                      '8 write(6</data/other>, ""..., 1) = 1', "7 <... pwrite64 resumed>) = 8192"), (0, 8192))


if __name__ == "__main__":
    unittest.main()
