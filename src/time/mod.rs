//! Times: moments, promises of time, business time, and the reader of what people say of them.
//!
//! Everything here is pure: no clock is read, and every time is given. The words of a language are data
//! of its pack ([`TimeWords`]); dates, zones and standard formats are read by `jiff`.

mod hours;
mod moment;
mod promise;
mod reader;
mod words;

pub(crate) use hours::RawHours;
pub use hours::{Hours, HoursError};
pub use moment::Moment;
pub use promise::{Promise, PromiseError, spoken};
pub use reader::{Amount, Day, Expression, Length, Period, Point, Promised, Reader, Says, Times};
pub use words::{TimeWords, Unit};
