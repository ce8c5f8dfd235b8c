//! Tables of quorums, as etcd's raft tests its own (`quorum/testdata`): `committed` and `vote`
//! with a configuration, or two joint ones, and what the members said. Each is computed anew by
//! the core's quorums and compared.

use crate::datadriven::{self, Case};
use crate::formats::Unreadable;
use happens_before::quorum::{Members, Outcome, Quorums};
use serde::Serialize;
use std::collections::BTreeMap;

/// More voters are refused.
const VOTERS_MAX: usize = 64;

/// A case whose output is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Of the output's first line that differs, from 1.
    pub line: usize,
    /// What the table says; empty where it says nothing.
    pub table: String,
    /// What was computed.
    pub computed: String,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many cases it has.
    pub cases: usize,
    /// Of which so many compute what is committed.
    pub committed: usize,
    /// And so many how a vote stands.
    pub votes: usize,
    /// Where the table says something else.
    pub mismatches: Vec<Mismatch>,
}

/// Computes each case of a table.
///
/// # Errors
/// If the table has another form, or other commands.
pub fn table(text: &str) -> Result<Report, Unreadable> {
    let mut report = Report { cases: 0, committed: 0, votes: 0, mismatches: Vec::new() };
    for case in datadriven::read(text)? {
        let question = Question::of(&case)?;
        let computed = question.answer();
        report.cases += 1;
        match question.indexes {
            Some(_) => report.committed += 1,
            None => report.votes += 1,
        }
        let mut said = case.output.iter();
        let mut computed = computed.lines();
        loop {
            let (table, computed) = (said.next(), computed.next());
            if table.is_none() && computed.is_none() {
                break;
            }
            let text = table.map_or("", |(_, text)| text.trim_end());
            if figures(text) != figures(computed.unwrap_or_default()) {
                let last = case.output.last().map_or(case.line, |(line, _)| *line);
                report.mismatches.push(Mismatch {
                    line: table.map_or(last, |(line, _)| *line),
                    table: text.to_string(),
                    computed: computed.unwrap_or_default().to_string(),
                });
                break;
            }
        }
    }
    Ok(report)
}

/// A line without its bar, whose length is a matter of drawing: of voters with one index some
/// versions draw only the first.
fn figures(line: &str) -> (bool, &str) {
    (line.starts_with('?'), line.trim_start_matches(['x', '>', '?', ' ']))
}

/// A case, understood.
struct Question {
    /// The two halves of a configuration, or one.
    halves: Vec<Vec<u64>>,
    /// What is known of each voter's log; none if this is a vote.
    indexes: Option<BTreeMap<u64, u64>>,
    votes: BTreeMap<u64, bool>,
    /// Why what was said does not fit the voters.
    misfit: Option<String>,
}

impl Question {
    fn of(case: &Case) -> Result<Question, Unreadable> {
        let wrong = |reason: String| Unreadable::new(case.line, reason);
        let is_vote = match case.command {
            "vote" => true,
            "committed" => false,
            other => {
                return Err(wrong(format!("there is no command {other}: committed or vote")));
            }
        };
        let (mut first, mut second, mut said) = (Vec::new(), None, Vec::new());
        for (key, values) in &case.arguments {
            let ids = || {
                let number = |id: &&str| {
                    id.parse::<u64>().map_err(|_| wrong(format!("{id} is no number of a voter")))
                };
                values.iter().map(number).collect::<Result<Vec<u64>, _>>()
            };
            match *key {
                "cfg" => first = ids()?,
                "cfgj" if *values == ["zero"] => second = Some(Vec::new()),
                "cfgj" => second = Some(ids()?),
                "idx" if !is_vote => said.clone_from(values),
                "votes" if is_vote => said.clone_from(values),
                key => return Err(wrong(format!("{} has no argument {key}", case.command))),
            }
        }
        let mut voters: Vec<u64> = Vec::new();
        for &id in first.iter().chain(second.iter().flatten()) {
            if !voters.contains(&id) {
                voters.push(id);
            }
            if voters.len() > VOTERS_MAX {
                return Err(wrong(format!("there are more than {VOTERS_MAX} voters")));
            }
        }
        let (mut indexes, mut votes) = (BTreeMap::new(), BTreeMap::new());
        for (&voter, &word) in voters.iter().zip(&said).filter(|(_, word)| **word != "_") {
            match (is_vote, word, word.parse()) {
                (true, "y", _) => drop(votes.insert(voter, true)),
                (true, "n", _) => drop(votes.insert(voter, false)),
                (false, _, Ok(index @ 1..)) => drop(indexes.insert(voter, index)),
                (true, ..) => return Err(wrong(format!("{word} is no vote: y, n or _"))),
                _ => return Err(wrong(format!("{word} is no index: a number from 1, or _"))),
            }
        }
        let misfit = (voters.len() != said.len()).then(|| {
            let numbers: Vec<String> = voters.iter().map(u64::to_string).collect();
            let (voters, said) = (numbers.join(" "), said.join(" "));
            format!("error: mismatched input (explicit or _) for voters ({voters}): [{said}]")
        });
        let halves = [Some(first), second].into_iter().flatten().map(|mut half| {
            half.sort_unstable();
            half.dedup();
            half
        });
        let indexes = (!is_vote).then_some(indexes);
        Ok(Question { halves: halves.collect(), indexes, votes, misfit })
    }

    /// The output, each line with its end.
    fn answer(&self) -> String {
        if let Some(misfit) = &self.misfit {
            return misfit.clone();
        }
        let Some(indexes) = &self.indexes else {
            return format!("{}\n", self.outcome());
        };
        let halves = self.halves.iter().filter(|half| !half.is_empty());
        // Of two halves both must have it; an empty one has everything.
        let committed = halves.map(|half| {
            let known: Vec<u64> =
                half.iter().map(|id| indexes.get(id).copied().unwrap_or(0)).collect();
            Quorums::majority(half.len() as u16).committed(&known)
        });
        let committed = committed.min().map_or("∞".to_string(), |index| index.to_string());
        format!("{}{committed}\n", self.bars(indexes))
    }

    fn outcome(&self) -> &'static str {
        let outcomes = self.halves.iter().filter(|half| !half.is_empty()).map(|half| {
            let who = |granted: bool| -> Members {
                let said = |id: &u64| self.votes.get(id) == Some(&granted);
                let places = half.iter().enumerate().filter(|(_, id)| said(id));
                places.map(|(place, _)| place as u16).collect()
            };
            Quorums::majority(half.len() as u16).outcome(who(true), who(false))
        });
        let outcomes: Vec<Outcome> = outcomes.collect();
        if outcomes.contains(&Outcome::Lost) {
            "VoteLost"
        } else if outcomes.contains(&Outcome::Pending) {
            "VotePending"
        } else {
            "VoteWon"
        }
    }

    /// Each voter's index behind a bar: the longer, the more voters are behind it.
    fn bars(&self, indexes: &BTreeMap<u64, u64>) -> String {
        let mut voters: Vec<u64> = self.halves.concat();
        voters.sort_unstable();
        voters.dedup();
        let width = voters.len();
        if width == 0 {
            return "<empty majority quorum>".to_string();
        }
        let index_of = |id: &u64| indexes.get(id).copied().unwrap_or(0);
        let bar_of = |id: &u64| voters.iter().filter(|it| index_of(it) < index_of(id)).count();
        let mut out = format!("{:width$}    idx\n", "");
        for id in &voters {
            let bar = bar_of(id);
            let head = match indexes.get(id) {
                Some(_) => format!("{}>{:rest$}", "x".repeat(bar), "", rest = width - bar),
                None => format!("?{:width$}", ""),
            };
            out += &format!("{head} {:>5}    (id={id})\n", index_of(id));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Mismatch, Report, table};

    #[track_caller]
    fn agrees(text: &str, cases: usize) -> Report {
        let report = table(text).unwrap();
        assert_eq!((report.cases, report.mismatches.as_slice()), (cases, [].as_slice()));
        report
    }

    #[track_caller]
    fn unreadable(text: &str, line: usize, reason: &str) {
        let wrong = table(text).unwrap_err();
        assert_eq!((wrong.line, wrong.reason.as_str()), (line, reason));
    }

    #[test]
    fn votes_of_one_configuration_and_of_two() {
        let report = agrees(
            "# nobody is asked\nvote\n----\nVoteWon\n\n\n\
             vote cfg=(5,6,7) votes=(n,_,y)\n----\nVotePending\n\
             \nvote cfg=(5, 6, 7) cfgj=(7,8) votes=(y,y,n,_)\n----\nVoteLost\n\
             \nvote cfg=(5,6) cfgj=zero votes=(y,y)\n----\nVoteWon\n\
             \nvote cfg=(99) votes=(n)\n----\n----\nVoteLost\n----\n----\n",
            5,
        );
        assert_eq!((report.votes, report.committed), (5, 0));
    }

    #[test]
    fn what_is_committed_and_how_it_is_drawn() {
        let text = "committed cfg=(1,2,9) idx=(40,_,7)\n----\n       idx\n\
            xx>     40    (id=1)\n?        0    (id=2)\nx>       7    (id=9)\n7\n\n\
            committed\n----\n<empty majority quorum>∞\n\n\
            committed cfg=(3,1) cfgj=(4) idx=(8,9,5)\n----\n       idx\n\
            xx>      9    (id=1)\nx>       8    (id=3)\n>        5    (id=4)\n5\n";
        agrees(text, 3);
        let wrong =
            table(&text.replace("40    (id", "41    (id").replace("\n5\n", "\n8\n")).unwrap();
        let of = |line, table: &str, computed: &str| Mismatch {
            line,
            table: table.to_string(),
            computed: computed.to_string(),
        };
        let expected = [of(4, "xx>     41    (id=1)", "xx>     40    (id=1)"), of(19, "8", "5")];
        assert_eq!(wrong.mismatches, expected);
        let short = table("vote cfg=(1) votes=(y)\n----\n").unwrap();
        assert_eq!(short.mismatches, [of(1, "", "VoteWon")]);
    }

    #[test]
    fn what_is_no_table() {
        unreadable(
            "vote cfg=(1)\nVoteWon\n",
            1,
            "the command vote has no ---- and output behind it",
        );
        unreadable("\nelect\n----\nok\n", 2, "there is no command elect: committed or vote");
        unreadable("vote cfg=(1\n----\nx\n", 1, "the list of cfg is never closed");
        unreadable("vote cfg=(a)\n----\nx\n", 1, "a is no number of a voter");
        unreadable("vote cfg=(1) votes=(x)\n----\nx\n", 1, "x is no vote: y, n or _");
        let zero = "committed cfg=(1) idx=(0)\n----\nx\n";
        unreadable(zero, 1, "0 is no index: a number from 1, or _");
        unreadable("vote idx=(1)\n----\nx\n", 1, "vote has no argument idx");
        let fenced = "\nvote\n----\n----\nVoteWon\n\n----\n";
        unreadable(fenced, 2, "the output of vote is never closed by two ----");
        let many: Vec<String> = (1..=65).map(|id| id.to_string()).collect();
        let many = format!("vote cfg=({})\n----\nx\n", many.join(","));
        unreadable(&many, 1, "there are more than 64 voters");
    }
}
