#include "domain/identity/tenant.h"

#include "schemas/identity/identity.h"

namespace nova::schemas {

AggregateContract tenant_contract() {
    using namespace identity::tenant;
    AggregateContract c("identity", "tenant-");
    c.event<Created>("The company {name} was opened", "أُنشئت المنشأة {name}");
    c.event<Renamed>("{actor} renamed the company to {name}", "غيّر {actor} اسم المنشأة إلى {name}");
    c.event<LegalDetailsChanged>("{actor} changed the legal details of the company",
                                 "غيّر {actor} البيانات النظامية للمنشأة");
    c.event<SettingsChanged>("{actor} changed the settings of the company", "غيّر {actor} إعدادات المنشأة");
    return c;
}

}  // namespace nova::schemas
