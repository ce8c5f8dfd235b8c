//! One history before a search, whatever it is judged against: driven in slices, and asked for
//! what explains its verdict. Operations are given as their indexes among those that are judged.

use crate::models::{Judgement, words};
use happens_before::check::linear::{
    Budget, Decided, JustInTime, Outcomes, Progress, Search, Specification, Verdict, Violation,
};

/// Steps that explaining may take, over all orders.
const EXPLAINING_STEPS: usize = 400_000;

/// Orders that explaining shows.
const ORDERS_SHOWN: usize = 4;

/// A history that is judged.
pub trait Case {
    /// Goes on for about so many steps. Whether there is more to do.
    fn advance(&mut self, steps: u64) -> bool;

    /// Allows more: what ended as unknown goes on where it stopped.
    fn raise(&mut self, budget: Budget);

    /// Operations tried so far.
    fn steps(&self) -> u64;

    /// What is known; unknown as long as there is more to do.
    fn judgement(&self) -> Judgement;

    /// How many parts there are, keys for example: each is judged alone. None where there is
    /// nothing but a judgement: then none of what follows is asked.
    fn parts(&self) -> usize;

    /// What is known of a part.
    fn part(&self, _part: usize) -> Decided {
        Decided::Undecided
    }

    /// The operations of a part.
    fn operations(&self, _part: usize) -> Vec<usize> {
        Vec::new()
    }

    /// An order that explains all results of a part.
    fn order(&self, _part: usize) -> Option<Vec<usize>> {
        None
    }

    /// Why it is bad, if it is.
    fn violation(&self) -> Option<&Violation> {
        None
    }

    /// What the orders of the bad part have in common, and where they end.
    fn explain(&mut self) -> Option<Explanation> {
        None
    }

    /// The order that comes furthest of those that take an operation of the bad part.
    fn furthest_with(&self, _operation: usize) -> Option<Vec<usize>> {
        None
    }

    /// What was asked, and what came back if it returned, in words.
    fn words(&self, _operation: usize) -> (String, Option<String>) {
        (String::new(), None)
    }

    /// The states in an order, in words: before its `from`-th operation, and after that one and
    /// each that follows.
    fn states(&self, _order: &[usize], _from: usize) -> Vec<String> {
        Vec::new()
    }

    /// Whether an operation can come next after an order, as far as the state is concerned.
    fn fits(&self, _order: &[usize], _operation: usize) -> bool {
        false
    }
}

/// Where the orders of a bad part end.
pub struct Explanation {
    /// What they all begin with. Nothing where so many orders are possible that it is not known.
    pub agreed: usize,
    /// Some of those that come furthest, the longest first.
    pub orders: Vec<Vec<usize>>,
}

/// What is judged at once and has no parts to show.
pub struct Settled(pub Judgement);

impl Case for Settled {
    fn advance(&mut self, _steps: u64) -> bool {
        false
    }

    fn raise(&mut self, _budget: Budget) {}

    fn steps(&self) -> u64 {
        self.0.steps
    }

    fn judgement(&self) -> Judgement {
        self.0.clone()
    }

    fn parts(&self) -> usize {
        0
    }
}

/// A search, and what explains its verdict.
pub struct Judged<S: Specification> {
    search: Search<S>,
    reached: Option<JustInTime<S>>,
    /// What nobody said and was taken for true, a phrase each.
    assumed: Vec<String>,
}

impl<S: Specification> Judged<S> {
    /// A search that has not begun.
    pub fn new(search: Search<S>, assumed: Vec<String>) -> Self {
        Judged { search, reached: None, assumed }
    }

    /// The state after an order; none if it is none.
    fn replay(&self, order: &[usize], mut each: impl FnMut(usize, &S::State)) -> Option<S::State> {
        let specification = self.search.specification();
        let mut state = specification.start();
        for (index, &operation) in order.iter().enumerate() {
            let it = &self.search.history().operations()[operation];
            match specification.step(&state, &it.input, it.output()) {
                Outcomes::Illegal => return None,
                Outcomes::Same => {}
                Outcomes::One(after) => state = after,
                Outcomes::Several(after) => state = after.into_iter().next()?,
            }
            each(index, &state);
        }
        Some(state)
    }
}

impl<S: Specification> Case for Judged<S> {
    fn advance(&mut self, steps: u64) -> bool {
        matches!(self.search.advance(steps), Progress::Working { .. })
    }

    fn raise(&mut self, budget: Budget) {
        self.search.raise(budget);
    }

    fn steps(&self) -> u64 {
        self.search.steps()
    }

    fn judgement(&self) -> Judgement {
        Judgement {
            verdict: words(&self.search),
            operations: self.search.history().len(),
            steps: self.search.steps(),
            assumed: self.assumed.clone(),
            ..Judgement::default()
        }
    }

    fn parts(&self) -> usize {
        self.search.parts()
    }

    fn part(&self, part: usize) -> Decided {
        self.search.part(part)
    }

    fn operations(&self, part: usize) -> Vec<usize> {
        self.search.operations(part)
    }

    fn order(&self, part: usize) -> Option<Vec<usize>> {
        let order = self.search.order(part)?;
        Some(order.into_iter().map(|(operation, _)| operation).collect())
    }

    fn violation(&self) -> Option<&Violation> {
        match self.search.verdict() {
            Some(Verdict::Violated(violation)) => Some(violation),
            _ => None,
        }
    }

    fn explain(&mut self) -> Option<Explanation> {
        let violation = self.violation()?.clone();
        let parts = 0..self.search.parts();
        let mut operations = parts
            .map(|part| self.search.operations(part))
            .find(|operations| operations.contains(&violation.operation))?;
        let history = self.search.history();
        operations.retain(|&it| history.operations()[it].call <= violation.time);
        let until = (violation.time, violation.source);
        let specification = self.search.specification();
        let reached = JustInTime::new(specification, history, &operations, until, EXPLAINING_STEPS);
        let agreed = reached.agreed().len();
        let mut orders = reached.ends(ORDERS_SHOWN);
        if orders.is_empty() {
            let begins = |order: &Vec<usize>| order.starts_with(&reached.agreed());
            orders = violation.longest.clone();
            if !orders.iter().all(begins) {
                // The search takes operations as early as it can: its orders begin otherwise.
                self.reached = Some(reached);
                return Some(Explanation { agreed: 0, orders });
            }
        }
        self.reached = Some(reached);
        Some(Explanation { agreed, orders })
    }

    fn furthest_with(&self, operation: usize) -> Option<Vec<usize>> {
        self.reached.as_ref()?.furthest_with(operation)
    }

    fn words(&self, operation: usize) -> (String, Option<String>) {
        let it = &self.search.history().operations()[operation];
        let specification = self.search.specification();
        let answered = it.output().map(|output| specification.name_output(output));
        (specification.name_input(&it.input), answered)
    }

    fn states(&self, order: &[usize], from: usize) -> Vec<String> {
        let specification = self.search.specification();
        let mut names = Vec::new();
        if from == 0 {
            names.push(specification.name_state(&specification.start()));
        }
        self.replay(order, |index, state| {
            if index + 1 >= from {
                names.push(specification.name_state(state));
            }
        });
        names
    }

    fn fits(&self, order: &[usize], operation: usize) -> bool {
        let it = &self.search.history().operations()[operation];
        let step = |state| self.search.specification().step(&state, &it.input, it.output());
        self.replay(order, |_, _| {}).is_some_and(|state| !matches!(step(state), Outcomes::Illegal))
    }
}
