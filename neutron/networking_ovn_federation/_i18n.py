"""Translation of what API users read."""

import oslo_i18n

_ = oslo_i18n.TranslatorFactory(domain='networking_ovn_federation').primary
