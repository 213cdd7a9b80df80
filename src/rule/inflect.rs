//! English inflection: the forms of a word, and a word in a form.
//!
//! The regular rules are those of any grammar (`-s`, `-ed`, `-ing`, with doubling, dropped `e` and
//! `y` to `ie`); what is irregular is data of the language's pack.

use super::grammar::Grammar;

/// The form that a word stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `use`
    Base,
    /// `uses`; of a noun, the plural.
    S,
    /// `used`, where past and participle look the same.
    Ed,
    /// `gave`
    Past,
    /// `given`
    Participle,
    /// `using`
    Ing,
}

/// Every form of a word, British and American, each once.
pub(crate) fn forms(word: &str, grammar: &Grammar) -> Vec<(Form, String)> {
    let mut all: Vec<(Form, String)> = Vec::new();
    for base in spellings(word) {
        let mut add = |form, text: String| {
            if !all.iter().any(|(_, known)| *known == text) {
                all.push((form, text));
            }
        };
        add(Form::Base, base.clone());
        if let Some(verb) = irregular(&base, grammar) {
            let forms = [Form::S, Form::Past, Form::Participle, Form::Ing];
            let same = verb.get(1) == verb.get(2);
            for (form, text) in forms.into_iter().zip(verb) {
                let form = if same && matches!(form, Form::Past | Form::Participle) { Form::Ed } else { form };
                add(form, text.clone());
            }
        } else {
            add(Form::S, plural(&base, grammar));
            for doubled in [false, true] {
                if let Some(stem) = stem(&base, doubled) {
                    add(Form::Ed, format!("{stem}{}", if stem.ends_with('e') { "d" } else { "ed" }));
                    add(Form::Ing, format!("{}ing", ing_stem(&stem)));
                }
            }
        }
    }
    all
}

/// A word in a form, and whether that is certain.
pub(crate) fn inflect(word: &str, form: Form, grammar: &Grammar) -> (String, bool) {
    if let Some(verb) = irregular(word, grammar) {
        let at = match form {
            Form::Base => return (word.to_owned(), true),
            Form::S => 0,
            Form::Past | Form::Ed => 1,
            Form::Participle => 2,
            Form::Ing => 3,
        };
        let certain = form != Form::Ed || verb.get(1) == verb.get(2);
        return (verb.get(at).cloned().unwrap_or_else(|| word.to_owned()), certain);
    }
    let doubled = syllables(word) == 1;
    let stem = stem(word, doubled).or_else(|| stem(word, false)).unwrap_or_else(|| word.to_owned());
    let text = match form {
        Form::Base => word.to_owned(),
        Form::S => plural(word, grammar),
        Form::Ed | Form::Past | Form::Participle => {
            format!("{stem}{}", if stem.ends_with('e') { "d" } else { "ed" })
        }
        Form::Ing => format!("{}ing", ing_stem(&stem)),
    };
    (text, true)
}

fn irregular<'g>(word: &str, grammar: &'g Grammar) -> Option<&'g [String]> {
    grammar.verbs.0.iter().find(|(base, _)| base == word).map(|(_, forms)| forms.as_slice())
}

/// `-ize` and `-ise` are one word.
fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    for (one, other) in [("ize", "ise"), ("yze", "yse")] {
        if let Some(stem) = word.strip_suffix(one) {
            all.push(format!("{stem}{other}"));
        } else if let Some(stem) = word.strip_suffix(other).filter(|_| syllables(word) > 2) {
            all.push(format!("{stem}{one}"));
        }
    }
    all
}

fn plural(word: &str, grammar: &Grammar) -> String {
    if let Some((_, plural)) = grammar.nouns.0.iter().find(|(noun, _)| noun == word) {
        return plural.clone();
    }
    match consonant_y(word) {
        Some(stem) => format!("{stem}ies"),
        None if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) => {
            format!("{word}es")
        }
        None => format!("{word}s"),
    }
}

/// What `-ed` is added to; with its last consonant doubled, if it ends in one that can be.
fn stem(word: &str, doubled: bool) -> Option<String> {
    if let Some(stem) = consonant_y(word) {
        return (!doubled).then(|| format!("{stem}i"));
    }
    if !doubled {
        return Some(word.to_owned());
    }
    let mut ends = word.chars().rev();
    let (last, middle, before) = (ends.next()?, ends.next()?, ends.next());
    let doubles = !is_vowel(last)
        && !matches!(last, 'w' | 'x' | 'y' | 'h')
        && is_vowel(middle)
        && before.is_none_or(|before| !is_vowel(before) || before == 'u');
    doubles.then(|| format!("{word}{last}"))
}

/// What `-ing` is added to, from what `-ed` is added to.
fn ing_stem(stem: &str) -> String {
    if let Some(y) = stem.strip_suffix('i') {
        return format!("{y}y");
    }
    if let Some(y) = stem.strip_suffix("ie") {
        return format!("{y}y");
    }
    match stem.strip_suffix('e') {
        Some(bare) if !bare.ends_with(['e', 'o', 'y']) => bare.to_owned(),
        _ => stem.to_owned(),
    }
}

fn consonant_y(word: &str) -> Option<&str> {
    word.strip_suffix('y').filter(|stem| stem.ends_with(|last| !is_vowel(last)))
}

fn is_vowel(ch: char) -> bool {
    matches!(ch, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Runs of vowels, a silent final `e` left out.
fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for ch in word.strip_suffix('e').unwrap_or(word).chars() {
        let vowel = is_vowel(ch) || ch == 'y';
        count += usize::from(vowel && !inside);
        inside = vowel;
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Pairs;

    fn grammar() -> Grammar {
        let give = ["gives", "gave", "given", "giving"].map(str::to_owned).to_vec();
        Grammar { verbs: Pairs(vec![("give".into(), give)]), ..Grammar::default() }
    }

    fn all(word: &str) -> String {
        let forms: Vec<_> = forms(word, &grammar()).into_iter().map(|(_, text)| text).collect();
        forms.join(" ")
    }

    #[test]
    fn a_word_has_its_forms() {
        assert_eq!(all("utilize"), "utilize utilizes utilized utilizing utilise utilises utilised utilising");
        assert_eq!(all("apply"), "apply applies applied applying");
        assert_eq!(all("stop"), "stop stops stoped stoping stopped stopping");
        assert_eq!(all("give"), "give gives gave given giving");
    }

    #[test]
    fn a_form_has_its_word() {
        let of = |word: &str, form| inflect(word, form, &grammar());
        assert_eq!(of("use", Form::Ing), ("using".into(), true));
        assert_eq!(of("stop", Form::Ed), ("stopped".into(), true));
        assert_eq!(of("try", Form::S), ("tries".into(), true));
        assert_eq!(of("help", Form::Ed), ("helped".into(), true));
        assert_eq!(of("show", Form::Ing), ("showing".into(), true));
        assert_eq!(of("give", Form::Ed), ("gave".into(), false));
        assert_eq!(of("send", Form::Ing), ("sending".into(), true));
    }
}
