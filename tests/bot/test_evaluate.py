"""`lertrat evaluate`, and how good the answers must stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import intents
from bot.assistant import Asked, Session
from bot.cli import lertrat
from bot.commands import evaluate as command
from bot.dispatch import Services
from bot.judging import outcome
from intents.baselines import BASELINES
from intents.evaluation import Outcome, evaluate, read_labelled
from intents.noise import KINDS

QUESTIONS = Path(__file__).parents[1] / "questions"
SHIPPED = Path(intents.__file__).parent / "questions"
HEADER = "question\tsubjects\tattribute\tstatus\tsource_lines\tcontains\tconversation\n"


@pytest.fixture
def compiled(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command uses the knowledge that is compiled already."""
    monkeypatch.setattr(command, "load_services", lambda: services)


def invoked(tmp_path: Path, rows: tuple[str, ...], *options: str) -> Result:
    """The command on a file of these rows; what it keeps goes to the test's own folder."""
    file = tmp_path / "asked.tsv"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return CliRunner().invoke(lertrat, ["evaluate", str(file), *options], env={"VAR_DIR": str(tmp_path / "var")})


def run(tmp_path: Path, *rows: str) -> str:
    """The report without what takes long."""
    done = invoked(tmp_path, rows, "--no-noise", "--no-baselines")
    assert done.exit_code == 0, done.output
    return done.stdout


def line_of(text: str, beginning: str) -> str:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(beginning)]
    return line


INNOVATION = "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง\tservice.innovation\tconditions\tanswered\t\t1 ปี\tc"
CLOSING = "ปิดรับสมัครวันไหน\tawards\tdeadline\tunknown\t\t\t"
GREETING = "สวัสดีค่ะ\t\tsmalltalk\tcommand\t\t\t"


@pytest.mark.usefixtures("compiled")
def test_right_and_wrong_answers_are_counted_and_the_wrong_ones_shown_with_what_was_understood(tmp_path: Path) -> None:
    shown = run(
        tmp_path,
        INNOVATION,
        "แล้วบูรณาการข้อมูลล่ะ\tservice.integration\tconditions\tanswered\t\t3 หน่วยงาน\tc",
        CLOSING.replace("unknown", "answered"),
        GREETING,
    )
    lines = shown.splitlines()
    assert lines[0] == "4 questions"
    assert line_of(shown, "everything").split()[1:3] == ["4", "75.0%"]
    assert "100.0% of 2" in line_of(shown, "everything")
    assert any("ปิดรับสมัครวันไหน" in line for line in lines)
    assert "got awards deadline unknown" in shown
    assert "read “ปิดรับสมัครวันไหน”, names: none" in shown
    assert "ms a question: median" in lines[-1]


@pytest.mark.usefixtures("compiled")
def test_a_quiet_turn_is_judged_too(tmp_path: Path) -> None:
    shown = run(
        tmp_path,
        "ขอคุยกับเจ้าหน้าที่\tawards\tcontact\tcommand\t\t\tc",
        "ยินยอม\tawards\tcontact\tcommand\t\t\tc",
        "มีใครอยู่ไหม\tawards\tcontact\tcommand\t\t\tc",
    )
    assert line_of(shown, "everything").split()[2] == "100.0%"


def test_a_mistake_in_the_file_is_one_line_before_anything_is_compiled(tmp_path: Path) -> None:
    done = invoked(tmp_path, ("ถาม\tawards\tprice\tanswered\t\t\t",))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "asked.tsv:2: attribute 'price'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert CliRunner().invoke(lertrat, ["evaluate", "nowhere.tsv"]).exit_code == 2


@pytest.mark.usefixtures("compiled")
def test_a_file_without_questions_says_so_and_leaves_nothing_to_compare_with(tmp_path: Path) -> None:
    done = invoked(tmp_path, ())
    assert (done.exit_code, done.stdout) == (0, "no questions\n")
    assert not (tmp_path / "var").exists()


@pytest.mark.usefixtures("compiled")
def test_every_kind_of_noise_is_measured_on_the_questions_that_it_changes(tmp_path: Path) -> None:
    rows = ("เงื่อนไขนวัตกรรมบริการปี 2568 มีอะไรบ้างคะ\tservice.innovation\tconditions\tanswered\t\t\tc", CLOSING)
    done = invoked(tmp_path, rows, "--no-baselines")
    assert done.exit_code == 0, done.output
    table = done.stdout[done.stdout.index("noise, on") :].partition("\n\n")[0].splitlines()[2:]
    assert [line.split()[0] for line in table] == [*KINDS, "all"]
    changed = {line.split()[0]: line.split()[1:3] for line in table}
    assert changed["typo"] == ["2", "100.0%"]
    assert changed["digits"] == ["1", "100.0%"]
    assert "noise" not in run(tmp_path, *rows)


@pytest.mark.usefixtures("compiled")
def test_noisy_questions_are_asked_in_conversations_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Session, str, str | None]] = []
    plain_ask = Session.ask

    def ask(session: Session, question: str, conversation: str | None = None) -> Asked:
        asked.append((session, question, conversation))
        return plain_ask(session, question, conversation)

    monkeypatch.setattr(Session, "ask", ask)
    monkeypatch.setattr(command, "KINDS", ("tones",))
    rows = (INNOVATION, "แล้วบูรณาการข้อมูลล่ะ\tservice.integration\tconditions\tanswered\t\t\tc")
    assert invoked(tmp_path, rows, "--no-baselines").exit_code == 0
    clean, noisy = asked[:2], asked[2:]
    assert [question for _, question, _ in noisy] == ["เงือนไขนวัตกรรมบริการมีอะไรบาง", "แลวบูรณาการขอมูลละ"]
    assert [conversation for *_, conversation in asked] == ["c"] * 4
    assert clean[0][0] is clean[1][0] is not noisy[0][0]
    assert noisy[0][0] is noisy[1][0]


@pytest.mark.usefixtures("compiled")
def test_the_plain_methods_answer_the_same_questions_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The linear one takes a minute to learn all phrasings; it goes the same way.
    monkeypatch.setattr(command, "BASELINES", {name: BASELINES[name] for name in ("keywords", "rapidfuzz")})
    taught = "{s}คืออะไร".replace("{s}", "รางวัลเลิศรัฐ") + "\tawards\tdefinition\tanswered\t\t\t"
    rows = (
        taught,
        INNOVATION,
        "แล้วบูรณาการข้อมูลล่ะ\tservice.integration\tconditions\tanswered\t\t\tc",
        "ฝนจะตกไหมเนี่ย\t\tout_of_scope\tout_of_scope\t\t\t",
    )
    done = invoked(tmp_path, rows, "--no-noise")
    assert done.exit_code == 0, done.output
    assert "keywords: learning" in done.stderr
    assert line_of(done.stdout, "keywords").split()[1] == "50.0%"
    assert line_of(done.stdout, "keywords").split()[5] == "100.0%"
    assert len(line_of(done.stdout, "rapidfuzz").split()) == len(line_of(done.stdout, "ours").split()) == 10
    assert "keywords" not in run(tmp_path, *rows)


@pytest.mark.usefixtures("compiled")
def test_the_next_run_is_compared_with_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "last run" not in run(tmp_path, INNOVATION, CLOSING, GREETING)

    def worse(asked: Asked) -> Outcome:
        given = outcome(asked)
        return replace(given, status="answered") if asked.question == "ปิดรับสมัครวันไหน" else given

    with monkeypatch.context() as changed:
        changed.setattr(command, "outcome", worse)
        shown = run(tmp_path, INNOVATION, CLOSING, GREETING)
    assert "last run, 2025-06-01 10:00" in shown
    assert "has changed" not in shown
    assert line_of(shown, "everything").split()[2:4] == ["66.7%", "-33.3"]
    assert line_of(shown, "in conversations").split()[3:5] == ["100.0%", "="]
    assert "became wrong since the last run: 1:\n  3: ปิดรับสมัครวันไหน\n" in shown
    again = run(tmp_path, INNOVATION, CLOSING, GREETING)
    assert line_of(again, "everything").split()[2:4] == ["100.0%", "+33.3"]
    assert "became right since the last run: 1:\n  3: ปิดรับสมัครวันไหน\n" in again


@pytest.mark.usefixtures("compiled")
def test_of_a_changed_file_the_questions_in_both_are_compared(tmp_path: Path) -> None:
    run(tmp_path, INNOVATION, CLOSING)
    shown = run(tmp_path, GREETING, CLOSING.replace("unknown", "answered"))
    assert "The questions file has changed since: 1 new, 1 gone, 1 with other labels" in shown
    assert line_of(shown, "everything").split()[1:4] == ["2", "50.0%", "-100.0"]
    assert "  3: ปิดรับสมัครวันไหน  (other labels now)" in shown.splitlines()


@pytest.mark.usefixtures("compiled")
def test_nothing_that_was_asked_is_kept_and_a_run_may_be_left_out(tmp_path: Path) -> None:
    assert invoked(tmp_path, (CLOSING,), "--no-noise", "--no-baselines", "--no-keep").exit_code == 0
    assert not (tmp_path / "var").exists()
    run(tmp_path, INNOVATION)
    (kept,) = (tmp_path / "var" / "evaluations").iterdir()
    text = kept.read_text(encoding="utf-8")
    assert '"line":2' in text
    assert "นวัตกรรม" not in text
    assert "\\u0e" not in text
    done = invoked(tmp_path, (CLOSING,), "--no-noise", "--no-baselines", "--no-keep")
    assert "last run" in done.stdout
    assert kept.read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("compiled")
def test_where_nothing_can_be_kept_there_is_a_warning_and_the_report(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, no folder")
    done = invoked(tmp_path, (CLOSING,), "--no-noise", "--no-baselines")
    assert done.exit_code == 0
    assert done.stdout.startswith("1 questions\n")
    (warning,) = [line for line in done.stderr.splitlines() if line.startswith("Warning")]
    assert "not kept" in warning


@pytest.mark.usefixtures("compiled")
def test_a_spoilt_last_run_is_a_warning_and_is_replaced(tmp_path: Path) -> None:
    run(tmp_path, CLOSING)
    (kept,) = (tmp_path / "var" / "evaluations").iterdir()
    kept.write_text("{", encoding="utf-8")
    done = invoked(tmp_path, (CLOSING,), "--no-noise", "--no-baselines")
    assert done.exit_code == 0
    assert f"Warning: {kept} cannot be read" in done.stderr
    assert "last run" not in done.stdout
    assert "last run" in run(tmp_path, CLOSING)


# What was measured when this was written, less the margin that a single unlucky change may cost. Raise them with the
# answers; lower them only with a reason. Shares of all questions (labels) and of those with required content.
FLOORS = {
    "tune.tsv": (0.955, 0.950),
    "test.tsv": (0.950, 0.950),
    "tune_a.tsv": (0.935, 0.930),
    "tune_b.tsv": (0.950, 0.930),
    "tune_c.tsv": (0.960, 0.980),
    "tune_d.tsv": (0.955, 0.950),
    "tune_e.tsv": (0.940, 0.970),
    "tune_f.tsv": (0.940, 0.910),
    "tune_g.tsv": (0.960, 0.960),
    "tune_h.tsv": (0.970, 0.950),
    "tune_i.tsv": (0.940, 0.960),
    "tune_j.tsv": (0.965, 0.940),
    "tune_k.tsv": (0.965, 0.960),
    "tune_l.tsv": (0.945, 0.930),
    "tune_m.tsv": (0.930, 0.910),
    "tune_n.tsv": (0.945, 0.940),
    "tune_o.tsv": (0.920, 0.920),
    "tune_p.tsv": (0.970, 0.960),
    "tune_q.tsv": (0.965, 0.975),
    "tune_r.tsv": (0.930, 0.945),
    "tune_s.tsv": (0.930, 0.900),
    "tune_t.tsv": (0.970, 0.980),
    "tune_v.tsv": (0.910, 0.920),
    "tune_u.tsv": (0.930, 0.935),
    "tune_w.tsv": (0.960, 0.930),
    "tune_x.tsv": (0.970, 0.920),
    "tune_y.tsv": (0.945, 0.965),
    "tune_z.tsv": (0.910, 0.890),
    "tune_aa.tsv": (0.900, 0.850),
    "tune_bb.tsv": (0.870, 0.880),
    "tune_dd.tsv": (0.920, 0.945),
    "tune_ee.tsv": (0.925, 0.955),
    "tune_ff.tsv": (0.895, 0.900),
    "tune_gg.tsv": (0.905, 0.930),
    "tune_ii.tsv": (0.910, 0.940),
    "tune_jj.tsv": (0.900, 0.930),
    "tune_kk.tsv": (0.885, 0.870),
    "tune_ll.tsv": (0.890, 0.840),
    "tune_nn.tsv": (0.900, 0.900),
    # The clock stands in 2568 here: what the newest sets want of "ปีหน้า" (2570) is not said, so their content is lower
    # than what `lertrat evaluate` prints.
    # Nobody tunes by these, so nobody looks at their misses: only the sums are compared.
    "held_out.tsv": (0.920, 0.960),
}


@pytest.mark.parametrize("name", FLOORS)
def test_the_answers_stay_as_good_as_they_were(services: Services, name: str) -> None:
    session = Session(services)
    judged = list(
        evaluate(
            read_labelled(next(path for folder in (QUESTIONS, SHIPPED) if (path := folder / name).exists())),
            lambda question, conversation: outcome(session.ask(question, conversation)),
        )
    )
    content = [j.content for j in judged if j.content is not None]
    labels, contents = sum(j.labels for j in judged) / len(judged), sum(content) / len(content)
    assert (labels >= FLOORS[name][0], contents >= FLOORS[name][1]) == (True, True), f"{labels:.3f} {contents:.3f}"
