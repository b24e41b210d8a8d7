//! Between the desired menu and the contract's types, both ways. What was written reads back as the same entry.
//!
//! The least and the most to choose of a group stay at the contract's defaults: the till has no such numbers.

use crate::{
    CategoryUpsert, DishPrices, DishUpsert, MenuKind, OptionGroupKind, OptionGroupUpsert, OptionUpsert, ServicePrice,
};
use domain::{Cents, menu};

impl From<menu::Kind> for MenuKind {
    fn from(kind: menu::Kind) -> Self {
        match kind {
            menu::Kind::Category => Self::Category,
            menu::Kind::Group => Self::OptionGroup,
            menu::Kind::Dish => Self::Dish,
        }
    }
}

impl From<MenuKind> for menu::Kind {
    fn from(kind: MenuKind) -> Self {
        match kind {
            MenuKind::Category => Self::Category,
            MenuKind::OptionGroup => Self::Group,
            MenuKind::Dish => Self::Dish,
        }
    }
}

impl From<&menu::Category> for CategoryUpsert {
    fn from(category: &menu::Category) -> Self {
        let menu::Category { external_id, name, image, active } = category.clone();
        Self { external_id, name, image_url: image, active }
    }
}

impl From<CategoryUpsert> for menu::Category {
    fn from(category: CategoryUpsert) -> Self {
        let CategoryUpsert { external_id, name, image_url, active } = category;
        Self { external_id, name, image: image_url, active }
    }
}

impl From<&menu::OptionGroup> for OptionGroupUpsert {
    fn from(group: &menu::OptionGroup) -> Self {
        let menu::OptionGroup { external_id, name, kind, options } = group.clone();
        let kind = match kind {
            menu::GroupKind::Additions => OptionGroupKind::Additions,
            menu::GroupKind::Removals => OptionGroupKind::Removals,
        };
        let placed = |(position, option): (i64, menu::OptionItem)| OptionUpsert {
            external_id: option.external_id,
            name: option.name,
            price_cents: option.price.0,
            position: Some(position),
        };
        let options = (0..).zip(options).map(placed).collect();
        Self { external_id, name, kind, min_choices: 0, max_choices: None, options }
    }
}

impl From<OptionGroupUpsert> for menu::OptionGroup {
    fn from(group: OptionGroupUpsert) -> Self {
        let OptionGroupUpsert { external_id, name, kind, mut options, .. } = group;
        options.sort_by_key(|option| option.position.unwrap_or(i64::MAX));
        let kind = match kind {
            OptionGroupKind::Additions => menu::GroupKind::Additions,
            OptionGroupKind::Removals => menu::GroupKind::Removals,
        };
        let item = |option: OptionUpsert| menu::OptionItem {
            external_id: option.external_id,
            name: option.name,
            price: Cents(option.price_cents),
        };
        Self { external_id, name, kind, options: options.into_iter().map(item).collect() }
    }
}

/// A price that the contract has no number for is no price: nobody can order it.
impl From<menu::ServicePrice> for ServicePrice {
    fn from(price: menu::ServicePrice) -> Self {
        match u32::try_from(price.price.0) {
            Ok(cents) => Self { cents, orderable: price.orderable },
            Err(_) => Self { cents: 0, orderable: false },
        }
    }
}

impl From<ServicePrice> for menu::ServicePrice {
    fn from(price: ServicePrice) -> Self {
        Self { price: Cents(i64::from(price.cents)), orderable: price.orderable }
    }
}

impl From<&menu::Dish> for DishUpsert {
    fn from(dish: &menu::Dish) -> Self {
        let dish = dish.clone();
        Self {
            external_id: dish.external_id,
            category_external_id: dish.category,
            name: dish.name,
            description: dish.description,
            active: dish.active,
            prices: DishPrices { takeaway: dish.takeaway.into(), delivery: dish.delivery.into() },
            vat_rate: dish.vat_rate,
            option_group_external_ids: dish.groups,
            photo_urls: dish.photos,
        }
    }
}

impl From<DishUpsert> for menu::Dish {
    fn from(dish: DishUpsert) -> Self {
        Self {
            external_id: dish.external_id,
            category: dish.category_external_id,
            name: dish.name,
            description: dish.description,
            active: dish.active,
            takeaway: dish.prices.takeaway.into(),
            delivery: dish.prices.delivery.into(),
            vat_rate: dish.vat_rate,
            groups: dish.option_group_external_ids,
            photos: dish.photo_urls,
        }
    }
}

#[cfg(test)]
mod tests;
