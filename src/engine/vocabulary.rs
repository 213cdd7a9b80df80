use std::collections::HashMap;

/// Words as numbers. 0 is any word that no phrase knows.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<String, u32>,
}

impl Vocabulary {
    /// The number of a word, given to it now if it has none.
    pub(super) fn intern(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The number of a word.
    pub(super) fn number(&self, word: &str) -> u32 {
        self.numbers.get(word).copied().unwrap_or(0)
    }
}
