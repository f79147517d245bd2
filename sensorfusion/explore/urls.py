"""URLs of the API of Explore."""

from sensorfusion.explore.api import ExploreColumns
from sensorfusion.web.addresses import address

urlpatterns = [address("explore/", ExploreColumns.as_view(), name="explore-columns")]
